import StraitCache
import StraitCommandLine
import StraitDatabase
import StraitMigrations
public import StraitCore
import StraitHTTP
import StraitLayers
import StraitMail
import StraitRedis
public import StraitRouting
public import StraitServer
public import StraitWeb

/// A site with its settings, its services and the application that it serves. `runserver`, `runworker`, all other
/// commands and the test kit use one.
public final class ComposedSite: ServiceProvider, Sendable {
    /// The settings of this installation.
    public let settings: Settings
    /// The server's configuration.
    public let configuration: ServerConfiguration
    /// The services: the channel layers, the ``/StraitWeb/SiteContext``, the ``/StraitCore/Metrics``, and those of
    /// the site and its apps.
    public let services: Services
    /// The routes of the site and its apps, wrapped in the site's middleware.
    public let application: any Application
    /// The routes without middleware.
    let router: URLRouter
    /// The types of the apps that provide nothing.
    let idleApps: [String]
    private let apps: [any App]
    /// The models and migrations of the site and its apps.
    private let schema: SiteSchema
    /// Warnings about static files that are not served.
    let warnings: [String]

    /// Composes a site without starting it.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - settings: The settings of this installation.
    ///   - configuration: The server's configuration. The default is the site's.
    /// - Throws: The first error in the site's parts, routes, middleware, static files, layers or services.
    public convenience init(
        _ site: any Site, settings: Settings, configuration: ServerConfiguration? = nil
    ) throws {
        try self.init(site, SiteParts(site), settings: settings, configuration: configuration)
    }

    init(
        _ site: any Site, _ parts: SiteParts, settings: Settings, configuration: ServerConfiguration? = nil
    ) throws {
        var configuration = configuration ?? parts.configuration
        if settings.debug {
            configuration.explainsRefusals = true
            configuration.loopbackIsOneHost = true
        }
        let rootPath = configuration.rootPath
        let router = try URLRouter(parts.routes, converters: parts.converters)
        let files = try StaticFiles(
            Self.staticSources(parts, settings, listing: !settings.debug), settings: settings, rootPath: rootPath)
        let context = SiteContext(
            settings: settings, names: URLNames(of: router, rootPath: rootPath), staticFiles: files,
            loaders: parts.files.templates(isDebug: settings.debug), libraries: parts.libraries,
            contextProcessors: parts.contextProcessors, rootPath: rootPath)
        self.settings = settings
        self.configuration = configuration
        self.router = router
        apps = parts.apps
        schema = parts.schema
        warnings = files.warnings
        application = try parts.middleware.around(
            parts.contextProcessors.loading(around: router), in: context)
        let layers = try Self.layers(of: site, settings)
        let own = try site.services(settings)
        let ofApps = try parts.apps.map { try $0.services(settings) }
        idleApps = zip(parts.apps, zip(parts.appsBring, ofApps))
            .filter { !$1.0 && $1.1.isEmpty }.map { "\(type(of: $0.0))" }
        let declared = own + ofApps.flatMap(\.self)
        let databases = try parts.schema.services(settings).filter { service in
            !declared.contains { type(of: $0) == type(of: service) }
        }
        let caches: [any Service] = declared.contains { $0 is Caches } ? [] : [try Self.caches(settings)]
        // The pool is first, so that it stops last: other services may use it until then.
        let pool: [any Service] = declared.contains { $0 is ThreadPool } ? [] : [ThreadPool()]
        let mail: [any Service] = declared.contains { $0 is Mailer } ? [] : [try Mailer(settings)]
        services = try Services(
            pool + databases + caches + [layers, context, MediaTypes(adding: settings.mediaTypes), Metrics()] + mail
                + declared)
    }

    /// Returns the settings and the configuration in the site's Swift code.
    package static func parts(of site: any Site) throws -> (settings: Settings, configuration: ServerConfiguration) {
        let parts = try SiteParts(site)
        return (parts.settings, parts.configuration)
    }

    /// Whether the site or an app has models or migrations, and so a database.
    package static func hasModels(_ site: any Site) throws -> Bool {
        let schema = try SiteParts(site).schema
        return !schema.models.isEmpty || !schema.migrations.isEmpty
    }

    /// Creates the tables of all models in the database of a test: with the migrations, and with those that
    /// `makemigrations` would still write.
    package func createTables() async throws {
        guard let database = services.find(Database.self) else { return }
        let graph = try schema.graph()
        let maker = MigrationMaker(graph, models: schema.registry.tables, questioner: SilentQuestioner())
        let all = try MigrationGraph(Array(graph.nodes.values) + maker.changes())
        let migrator = Migrator(database, all)
        try await migrator.run(try await migrator.plan(.all))
        for app in apps { try await app.afterMigrate(database) }
    }

    /// Starts the services.
    public func start() async throws { try await services.start() }

    /// Stops the services in reverse order, within the configuration's `stopTimeout`.
    ///
    /// - Returns: The types of the services that did not stop in time.
    @discardableResult
    public func stop() async -> [String] { await services.stop(within: configuration.stopTimeout) }

    /// Returns the sources of static files: the folders in the settings, the site's, then the apps'.
    ///
    /// - Parameter listing: Whether to omit missing folders. If false, they are included, because an app's folder may
    ///   be created while the site runs.
    static func staticSources(
        _ parts: SiteParts, _ settings: Settings, listing: Bool = true
    ) -> [StaticSource] {
        settings.staticFolders.map { .folder($0) }
            + parts.files.staticSources(isDebug: settings.debug, listing: listing)
    }

    /// Returns the caches of the setting `CACHES`.
    private static func caches(_ settings: Settings) throws -> Caches {
        do { return try Caches(json: settings.caches) } catch {
            guard let place = settings.places["CACHES"], case .file = place else { throw error }
            throw CommandError("\(place): \(error)")
        }
    }

    /// Returns the channel layers of the environment or the settings file if they are set there. Otherwise, it returns
    /// the site's.
    static func layers(of site: any Site, _ settings: Settings) throws -> ChannelLayers {
        guard let place = settings.places["CHANNEL_LAYERS"] else { return try site.channelLayers(settings) }
        do { return try ChannelLayers(json: settings.channelLayers) } catch {
            // The environment has no line numbers.
            guard case .file = place else { throw error }
            throw CommandError("\(place): \(error)")
        }
    }
}
