import StraitCommandLine
import StraitHTTP
import StraitModels
import StraitRouting
import StraitServer
import StraitTemplates
import StraitWeb

/// The parts that a site and its apps declare, converted to their expected types.
struct SiteParts: Sendable {
    let apps: [any App]
    /// Whether each app provides anything apart from services.
    let appsBring: [Bool]
    let routes: [Route]
    let converters: [String: any Converter]
    let middleware: MiddlewareList
    let settings: Settings
    let configuration: ServerConfiguration
    let commands: [any Command.Type]
    /// The files of the site, then those of its apps.
    let files: [PartFiles]
    let libraries: [String: TemplateLibrary]
    /// The apps' context processors, then the site's.
    let contextProcessors: [ContextProcessor]
    /// The models and migrations of the site and its apps.
    let schema: SiteSchema

    /// Collects the parts of a site and its apps.
    ///
    /// - Throws: ``/StraitCommandLine/CommandError`` for a declaration of another type, with the correct declaration.
    init(_ site: any Site) throws(CommandError) {
        let name = "\(type(of: site))"
        let apps = try Self.read(
            site.installedApps, as: [any App].self, "\(name).installedApps", "var installedApps: [any App] { … }")
        self.apps = apps
        var routes = try Self.routes(name) { try site.routes }
        converters = apps.reduce(into: site.converters) { $0.merge($1.converters) { first, _ in first } }
        middleware = try Self.read(
            site.middleware, as: MiddlewareList.self, "\(name).middleware",
            "var middleware: MiddlewareList { .standard … }")
        settings = try Self.read(site.settings, as: Settings.self, "\(name).settings", "var settings: Settings { … }")
        configuration = try Self.read(
            site.configuration, as: ServerConfiguration.self, "\(name).configuration",
            "var configuration: ServerConfiguration { … }")
        var commands = try Self.commands(site.commands, name)
        var files = [PartFiles(templates: [], staticFiles: [], folder: site.files)]
        var appsBring: [Bool] = []
        var processors: [ContextProcessor] = []
        for app in apps {
            let name = "\(type(of: app))"
            let ownRoutes = try Self.routes(name) { try app.routes }
            routes += ownRoutes
            let own = try Self.commands(app.commands, name)
            let loaders = try Self.read(
                app.templates, as: [any TemplateLoader].self, "\(name).templates",
                "var templates: [any TemplateLoader] { … }")
            let sources = try Self.read(
                app.staticFiles, as: [StaticSource].self, "\(name).staticFiles",
                "var staticFiles: [StaticSource] { … }")
            let ownProcessors = try Self.processors(app.contextProcessors, name)
            processors += ownProcessors
            commands += own
            files.append(PartFiles(templates: loaders, staticFiles: sources, folder: app.files))
            appsBring.append(
                !ownRoutes.isEmpty || !own.isEmpty || !loaders.isEmpty || !sources.isEmpty
                    || !app.files.names.isEmpty || !app.models.isEmpty || !app.templateLibraries.isEmpty
                    || !ownProcessors.isEmpty)
        }
        contextProcessors = processors + (try Self.processors(site.contextProcessors, name))
        schema = SiteSchema(site, apps)
        let mistakes = schema.registry.tables.flatMap(\.mistakes)
        if !mistakes.isEmpty { throw CommandError(mistakes.joined(separator: "\n")) }
        self.routes = routes
        self.appsBring = appsBring
        self.commands = commands
        self.files = files
        libraries = apps.reduce(into: [:]) { $0.merge($1.templateLibraries) { first, _ in first } }
    }

    private static func routes(_ owner: String, _ make: () throws -> [Route]) throws(CommandError) -> [Route] {
        do { return try make() } catch { throw CommandError("The routes of \(owner) cannot be created. \(error)") }
    }

    private static func commands(_ value: Any, _ owner: String) throws(CommandError) -> [any Command.Type] {
        try read(
            value, as: [any Command.Type].self, "\(owner).commands", "var commands: [any Command.Type] { … }")
    }

    private static func processors(_ value: Any, _ owner: String) throws(CommandError) -> [ContextProcessor] {
        try read(
            value, as: [ContextProcessor].self, "\(owner).contextProcessors",
            "var contextProcessors: [ContextProcessor] { … }")
    }

    private static func read<Part>(
        _ value: Any, as: Part.Type, _ name: String, _ declaration: String
    ) throws(CommandError) -> Part {
        if let part = value as? Part { return part }
        throw CommandError("\(name) has the unsupported type \(type(of: value)). Write `\(declaration)`.")
    }
}

extension ComposedSite {
    /// Returns warnings for parts of the site that have no effect. `check` and `runserver` print them.
    func problems() -> [SettingsProblem] {
        var found: [SettingsProblem] = []
        func warn(_ part: String, _ text: String, _ hint: String, _ id: String) {
            found.append(SettingsProblem(level: .warning, setting: part, text: text, hint: hint, id: id))
        }
        for app in idleApps {
            warn(
                "installedApps",
                "\(app) has no routes, templates, tags, context processors, static files, services or commands.",
                "Compare the names of its properties with those of App: a misspelt one has no effect.",
                "strait.W008")
        }
        for problem in RouteProblem.all(in: router.urlPatterns) {
            warn("routes", "\(problem)", problem.hint, "strait.W009")
        }
        return found
    }

    /// Returns a warning if the site has no routes. Only `check` prints it, since a site may exist for its commands.
    func emptiness() -> [SettingsProblem] {
        if router.urlPatterns.isEmpty, router.channelNames.isEmpty {
            return [
                SettingsProblem(
                    level: .warning, setting: "routes",
                    text: "The site has no routes, so every path returns 404.",
                    hint: "Declare them in `var routes: [Route] { … }`, or install an app.", id: "strait.W010")
            ]
        }
        return []
    }
}
