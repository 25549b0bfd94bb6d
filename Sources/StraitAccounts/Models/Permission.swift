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
