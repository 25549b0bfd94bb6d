internal import FoundationEssentials
internal import StraitCore
package import StraitDatabase
internal import StraitModels

/// The table `django_migrations`, which lists the applied migrations. It is Django's, so both frameworks can work on
/// the same database.
package struct MigrationRecorder: Sendable {
    private let database: Database

    package init(_ database: Database) {
        self.database = database
    }

    static let table: ModelTable = {
        func field(_ name: String, _ kind: FieldKind) -> ModelField {
            var field = ModelField(name, name: name, column: name, kind: kind)
            field.isPrimaryKey = kind.isAutomatic
            return field
        }
        return ModelTable(
            ModelName(app: "migrations", name: "Migration"), name: "django_migrations",
            fields: [
                field("id", .bigAuto), field("app", .char(maxLength: 255)), field("name", .char(maxLength: 255)),
                field("applied", .dateTime),
            ])
    }()

    /// Whether the table exists.
    private func exists() async throws -> Bool {
        let query: SQL =
            database.engine == .sqlite
            ? "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'django_migrations'"
            : "SELECT 1 WHERE to_regclass('django_migrations') IS NOT NULL"
        return try await !database.query(query) { _ in 1 }.isEmpty
    }

    /// Creates the table if it does not exist.
    package func prepare() async throws {
        if try await exists() { return }
        var editor = SchemaEditor(database.engine)
        editor.create(Self.table, in: ProjectState())
        let steps = editor.takeSteps()
        // Another process may create it at the same time, and have locked a database of SQLite.
        for case .sql(let text) in steps {
            let sql = text.replacing("CREATE TABLE", with: "CREATE TABLE IF NOT EXISTS", maxReplacements: 1)
            if database.isTransaction {
                try await database.execute(SQL(trusted: sql))
            } else {
                _ = try await database.atomic(retries: 60) { try await $0.execute(SQL(trusted: sql)) }
            }
        }
    }

    /// Returns the applied migrations, in the order of their application.
    package func applied() async throws -> [MigrationName] {
        guard try await exists() else { return [] }
        return try await database.query("SELECT app, name FROM django_migrations ORDER BY id") {
            row throws(DatabaseError) in MigrationName(app: try row.text(0), name: try row.text(1))
        }
    }

    /// Whether a migration is applied.
    func isApplied(_ name: MigrationName) async throws -> Bool {
        try await !database.query(
            "SELECT 1 FROM django_migrations WHERE app = \(name.app) AND name = \(name.name)"
        ) { _ in 1 }.isEmpty
    }

    /// Records that a migration is applied.
    func add(_ name: MigrationName) async throws {
        try await database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (\(name.app), \(name.name), \(database.now()))")
    }

    /// Removes the record of a migration that is undone.
    func remove(_ name: MigrationName) async throws {
        try await database.execute(
            "DELETE FROM django_migrations WHERE app = \(name.app) AND name = \(name.name)")
    }
}
