internal import StraitCore
public import StraitDatabase
internal import StraitMigrations
internal import StraitModels

/// The content types and permissions of a site's models, which Django creates after each `migrate`.
public enum PermissionSetup {
    /// Adds a row to `django_content_type` for each model that has none.
    public static func addContentTypes(to database: Database) async throws {
        guard try await isMigrated(database, "django_content_type") else { return }
        _ = try await database.create(
            all: models(database).map { ContentType.Draft(appLabel: $0.model.app, model: $0.model.name.lowercased()) },
            onConflict: .ignore)
    }

    /// Adds the `add`, `change`, `delete` and `view` permissions of each model that lacks them.
    public static func addPermissions(to database: Database) async throws {
        guard try await isMigrated(database, "auth_permission"), try await isMigrated(database, "django_content_type")
        else { return }
        var types: [String: ContentType.ID] = [:]
        for type in try await ContentType.objects.all(in: database) {
            types["\(type.appLabel).\(type.model)"] = type.id
        }
        var drafts: [Permission.Draft] = []
        for table in models(database) {
            let model = table.model.name.lowercased()
            guard let type = types["\(table.model.app).\(model)"] else { continue }
            for action in ["add", "change", "delete", "view"] {
                drafts.append(
                    Permission.Draft(
                        name: "Can \(action) \(table.verboseName)", contentType: type, codename: "\(action)_\(model)"))
            }
        }
        _ = try await database.create(all: drafts, onConflict: .ignore)
    }

    /// Returns the tables of the models that apps declare, without the automatic tables of many-to-many links.
    private static func models(_ database: Database) -> [ModelTable] {
        database.models.tables.filter { !$0.isAutomatic }
    }

    /// Whether a table has its final columns. Until then, nothing is added.
    private static func isMigrated(_ database: Database, _ table: String) async throws -> Bool {
        let inspector = TableInspector(database)
        guard try await inspector.names().contains(table) else { return false }
        if table != "django_content_type" { return true }
        // Django's table has this column until the second migration.
        return try await !inspector.table(table).columns.contains { $0.name == "name" }
    }
}
