public import StraitDatabase
public import StraitModels

/// A model of any app, as a row; Django's `ContentType`. Permissions refer to it.
@Model(table: "django_content_type", app: "contenttypes", id: .auto)
public struct ContentType {
    /// The label of the app.
    @MaxLength(100) public var appLabel: String
    /// The name of the model in lower case.
    @MaxLength(100) @Label("python model class name") public var model: String

    /// The two names are unique together.
    public static let options: [ModelOption<ContentType>] = [
        .uniqueTogether { [$0.appLabel, $0.model] },
        .verboseName("content type"),
    ]
}
