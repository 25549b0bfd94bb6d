public import StraitMigrations
public import StraitModels

/// The models and migrations of Django's apps `contenttypes` and `auth`. The migrations have the same names and effects
/// as Django's, so either side recognizes the migrations that the other has applied.
public enum AccountSchema {
    /// The models of `contenttypes`.
    public static var contentTypeModels: [any Model.Type] { [ContentType.self] }
    /// The migrations of `contenttypes`.
    public static var contentTypeMigrations: [any Migration.Type] { [ContentTypes0001.self, ContentTypes0002.self] }
    /// The models of `auth`.
    public static var models: [any Model.Type] { [Permission.self, User.Group.self, User.self] }
    /// The migrations of `auth`.
    public static var migrations: [any Migration.Type] {
        [
            Auth0001.self, Auth0002.self, Auth0003.self, Auth0004.self, Auth0005.self, Auth0006.self, Auth0007.self,
            Auth0008.self, Auth0009.self, Auth0010.self, Auth0011.self, Auth0012.self,
        ]
    }
}

private struct ContentTypes0001: Migration {
    static let app = "contenttypes"
    static let name = "0001_initial"
    static let operations: [MigrationOperation] = [
        .createModel(
            "ContentType", table: "django_content_type",
            fields: [
                .auto("id"), .char("name", maxLength: 100), .char("app_label", maxLength: 100),
                .char("model", maxLength: 100),
            ]),
        .alterUniqueTogether("ContentType", [["app_label", "model"]]),
    ]
}

private struct ContentTypes0002: Migration {
    static let app = "contenttypes"
    static let name = "0002_remove_content_type_name"
    static let dependencies = ["contenttypes.0001_initial"]
    static let operations: [MigrationOperation] = [
        .alterField("ContentType", .char("name", maxLength: 100).optional()),
        .removeField("ContentType", "name"),
    ]
}

private struct Auth0001: Migration {
    static let app = "auth"
    static let name = "0001_initial"
    static let dependencies = ["contenttypes.0001_initial"]
    static let operations: [MigrationOperation] = [
        .createModel(
            "Permission",
            fields: [
                .auto("id"), .char("name", maxLength: 50),
                .foreignKey("content_type", to: "contenttypes.ContentType", onDelete: .cascade),
                .char("codename", maxLength: 100),
            ], uniqueTogether: [["content_type_id", "codename"]]),
        .createModel(
            "Group",
            fields: [
                .auto("id"), .char("name", maxLength: 80).unique(), .manyToMany("permissions", to: "Permission"),
            ]),
        .createModel(
            "User",
            fields: [
                .auto("id"), .char("password", maxLength: 128), .dateTime("last_login"), .boolean("is_superuser"),
                .char("username", maxLength: 30).unique(), .char("first_name", maxLength: 30),
                .char("last_name", maxLength: 30), .email("email", maxLength: 75), .boolean("is_staff"),
                .boolean("is_active"), .dateTime("date_joined"), .manyToMany("groups", to: "Group"),
                .manyToMany("user_permissions", to: "Permission"),
            ]),
    ]
}

private struct Auth0002: Migration {
    static let app = "auth"
    static let name = "0002_alter_permission_name_max_length"
    static let dependencies = ["auth.0001_initial"]
    static let operations: [MigrationOperation] = [.alterField("Permission", .char("name", maxLength: 255))]
}

private struct Auth0003: Migration {
    static let app = "auth"
    static let name = "0003_alter_user_email_max_length"
    static let dependencies = ["auth.0002_alter_permission_name_max_length"]
    static let operations: [MigrationOperation] = [.alterField("User", .email("email", maxLength: 254))]
}

// In Django, this migration changes only texts, not the table.
private struct Auth0004: Migration {
    static let app = "auth"
    static let name = "0004_alter_user_username_opts"
    static let dependencies = ["auth.0003_alter_user_email_max_length"]
    static let operations: [MigrationOperation] = []
}

private struct Auth0005: Migration {
    static let app = "auth"
    static let name = "0005_alter_user_last_login_null"
    static let dependencies = ["auth.0004_alter_user_username_opts"]
    static let operations: [MigrationOperation] = [.alterField("User", .dateTime("last_login").optional())]
}

private struct Auth0006: Migration {
    static let app = "auth"
    static let name = "0006_require_contenttypes_0002"
    static let dependencies = ["auth.0005_alter_user_last_login_null", "contenttypes.0002_remove_content_type_name"]
    static let operations: [MigrationOperation] = []
}

// In Django, this migration changes only texts, not the table.
private struct Auth0007: Migration {
    static let app = "auth"
    static let name = "0007_alter_validators_add_error_messages"
    static let dependencies = ["auth.0006_require_contenttypes_0002"]
    static let operations: [MigrationOperation] = []
}

private struct Auth0008: Migration {
    static let app = "auth"
    static let name = "0008_alter_user_username_max_length"
    static let dependencies = ["auth.0007_alter_validators_add_error_messages"]
    static let operations: [MigrationOperation] = [.alterField("User", .char("username", maxLength: 150).unique())]
}

private struct Auth0009: Migration {
    static let app = "auth"
    static let name = "0009_alter_user_last_name_max_length"
    static let dependencies = ["auth.0008_alter_user_username_max_length"]
    static let operations: [MigrationOperation] = [.alterField("User", .char("last_name", maxLength: 150))]
}

private struct Auth0010: Migration {
    static let app = "auth"
    static let name = "0010_alter_group_name_max_length"
    static let dependencies = ["auth.0009_alter_user_last_name_max_length"]
    static let operations: [MigrationOperation] = [.alterField("Group", .char("name", maxLength: 150).unique())]
}

// In Django, this migration changes the permissions of proxy models, which Strait does not have.
private struct Auth0011: Migration {
    static let app = "auth"
    static let name = "0011_update_proxy_permissions"
    static let dependencies = ["auth.0010_alter_group_name_max_length", "contenttypes.0002_remove_content_type_name"]
    static let operations: [MigrationOperation] = []
}

private struct Auth0012: Migration {
    static let app = "auth"
    static let name = "0012_alter_user_first_name_max_length"
    static let dependencies = ["auth.0011_update_proxy_permissions"]
    static let operations: [MigrationOperation] = [.alterField("User", .char("first_name", maxLength: 150))]
}
