public import StraitDatabase
public import StraitModels

/// An action that users and groups can be allowed to perform; Django's `Permission`.
///
/// Its name in code is, for example, `gallery.add_photo`: the app label and the codename. `migrate` creates four
/// permissions for each model: add, change, delete and view.
@Model(app: "auth", id: .auto)
public struct Permission {
    /// The human-readable name, such as `Can add photo`.
    @MaxLength(255) @Label("name") public var name: String
    /// The model that the permission applies to.
    @ForeignKey(onDelete: .cascade) @Label("content type") public var contentType: ContentType.ID
    /// The name in code without the app label, such as `add_photo`.
    @MaxLength(100) @Label("codename") public var codename: String

    /// The uniqueness of the codename within a model, and the order by codename.
    public static let options: [ModelOption<Permission>] = [
        .uniqueTogether { [$0.contentType, $0.codename] },
        .ordering { [$0.codename.ascending] },
    ]
}

/// A model of any app, stored as a row that permissions refer to; Django's `ContentType`.
@Model(table: "django_content_type", app: "contenttypes", id: .auto)
public struct ContentType {
    /// The app label.
    @MaxLength(100) public var appLabel: String
    /// The name of the model in lower case.
    @MaxLength(100) @Label("python model class name") public var model: String

    /// The uniqueness of the two names together, and the verbose name.
    public static let options: [ModelOption<ContentType>] = [
        .uniqueTogether { [$0.appLabel, $0.model] },
        .verboseName("content type"),
    ]
}

extension User {
    /// A group of users who have its permissions; Django's `Group`.
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
