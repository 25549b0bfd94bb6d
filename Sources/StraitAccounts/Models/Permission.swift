public import StraitDatabase
public import StraitModels

/// A right that users and groups can have; Django's `Permission`.
///
/// Its name in code is `gallery.add_photo`: the label of the app and the codename. `migrate` creates four for each
/// model: add, change, delete and view.
@Model(app: "auth", id: .auto)
public struct Permission {
    /// The name for people, such as `Can add photo`.
    @MaxLength(255) @Label("name") public var name: String
    /// The model to which the right applies.
    @ForeignKey(onDelete: .cascade) @Label("content type") public var contentType: ContentType.ID
    /// The name in code, without the app's label: `add_photo`.
    @MaxLength(100) @Label("codename") public var codename: String

    /// The codename is unique for a model.
    public static let options: [ModelOption<Permission>] = [
        .uniqueTogether { [$0.contentType, $0.codename] },
        .ordering { [$0.codename.ascending] },
    ]
}

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

extension User {
    /// A group of users, who have its permissions; Django's `Group`.
    @Model(app: "auth", id: .auto)
    public struct Group: CustomStringConvertible {
        /// The name.
        @MaxLength(150) @Unique @Label("name") public var name: String
        /// The permissions that the members have.
        @ManyToMany @Blank @Label("permissions") public var permissions: Links<Permission>

        /// The name.
        public var description: String { name }
    }
}
