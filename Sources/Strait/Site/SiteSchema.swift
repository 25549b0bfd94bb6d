import StraitCommandLine
public import StraitCore
public import StraitDatabase
import StraitMigrations
import StraitModels
import StraitWeb

/// The models and migrations of a site and its apps.
struct SiteSchema: Sendable {
    /// A target's folder, and the label of its models unless they have another one.
    struct Home: Sendable {
        /// The folder of the target's sources, or nil if the target does not use the plugin.
        let folder: String?
        /// The label that follows from the module.
        let moduleApp: String
    }

    let models: [any Model.Type]
    let migrations: [any Migration.Type]
    /// The targets by the labels of their models and migrations.
    let homes: [String: Home]

    init(_ site: any Site, _ apps: [any App]) {
        var models: [any Model.Type] = []
        var migrations: [any Migration.Type] = []
        var homes: [String: Home] = [:]
        // Several apps may be in one target.
        var types: Set<ObjectIdentifier> = []
        func add(_ part: (models: [any Model.Type], migrations: [any Migration.Type]), _ folder: String?) {
            for model in part.models where types.insert(ObjectIdentifier(model)).inserted {
                models.append(model)
                let home = Home(folder: folder, moduleApp: Self.moduleApp(model))
                if homes[model.modelName.app] == nil { homes[model.modelName.app] = home }
            }
            for migration in part.migrations where types.insert(ObjectIdentifier(migration)).inserted {
                migrations.append(migration)
                let home = Home(folder: folder, moduleApp: Self.moduleApp(migration))
                if homes[migration.app] == nil { homes[migration.app] = home }
            }
        }
        add((site.models, site.migrations), site.files.folder)
        for app in apps { add((app.models, app.migrations), app.files.folder) }
        self.models = models
        self.migrations = migrations
        self.homes = homes
    }

    private static func moduleApp<T>(_ type: T.Type) -> String { ModelName(type, app: nil).app }

    /// The tables of all models.
    var registry: ModelRegistry { ModelRegistry(models) }

    /// The graph of all migrations.
    func graph() throws -> MigrationGraph { try MigrationGraph(migrations) }

    /// Returns the databases as services, if the site has models or names a database.
    func services(_ settings: Settings) throws -> [any Service] {
        if models.isEmpty, migrations.isEmpty, settings.databaseURL == nil { return [] }
        let databases = try Databases(settings, registry)
        return [databases.default, databases]
    }
}

/// The databases of a site by name, a service. `DATABASE_URL` is the default one, and `DATABASE_URL_ARCHIVE` the one
/// with the name `archive`.
///
/// The default database is also a service of its own: `try request.service(Database.self)`.
public final class Databases: Service {
    /// The database of `DATABASE_URL`: without that setting, the SQLite file `db.sqlite3` in the working folder.
    public let `default`: Database
    private let others: [String: Database]

    init(_ settings: Settings, _ registry: ModelRegistry) throws(CommandError) {
        `default` = try Self.open("DATABASE_URL", settings.databaseURL ?? "sqlite:///db.sqlite3", registry)
        var others: [String: Database] = [:]
        for (setting, url) in settings.others where setting.hasPrefix("DATABASE_URL_") {
            others[setting.dropFirst("DATABASE_URL_".count).lowercased()] = try Self.open(setting, url, registry)
        }
        self.others = others
    }

    private static func open(_ setting: String, _ url: String, _ registry: ModelRegistry) throws(CommandError)
        -> Database
    {
        do throws(DatabaseURLError) { return try Database(url: url, schema: registry) } catch {
            throw CommandError("\(setting): \(error)")
        }
    }

    /// Returns the database with this name, or nil if there is none. `default` is the one of `DATABASE_URL`.
    public subscript(name: String) -> Database? { name == "default" ? `default` : others[name] }

    /// Closes the connections of the named databases. The default one is a service of its own.
    public func stop() async {
        for database in others.values { await database.stop() }
    }
}
