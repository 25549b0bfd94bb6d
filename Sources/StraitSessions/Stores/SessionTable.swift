import FoundationEssentials
import StraitDatabase
public import StraitMigrations
public import StraitModels

/// Django's app `sessions`.
enum SessionTables {
    /// A row of `django_session`.
    @Model(table: "django_session", app: "sessions") struct Session {
        @PrimaryKey @MaxLength(40) var sessionKey: String
        var sessionData: String
        @Indexed var expireDate: Date
    }
}

/// The models and migrations of Django's app `sessions`. Django recognizes them as its own.
public enum SessionSchema {
    /// The model of `django_session`.
    public static var models: [any Model.Type] { [SessionTables.Session.self] }
    /// The migrations, with Django's names.
    public static var migrations: [any Migration.Type] { [InitialSessions.self] }

    private struct InitialSessions: Migration {
        static let app = "sessions"
        static let name = "0001_initial"
        static let operations: [MigrationOperation] = [
            .createModel(
                "Session", table: "django_session",
                fields: [
                    .char("session_key", maxLength: 40).primaryKey(), .text("session_data"),
                    .dateTime("expire_date").indexed(),
                ])
        ]
    }
}
