import StraitRouting
import StraitWeb

extension Site {
    /// The site's own routes, and behind them those of its apps.
    public var allRoutes: [Route] { routes + installedApps.flatMap(\.routes) }

    /// The sources of static files: the folders of the settings, then the apps.
    func staticSources(_ settings: Settings) -> [StaticSource] {
        settings.staticFolders.map { .folder($0) } + installedApps.flatMap(\.staticFiles)
    }

    /// The application with the middleware that a site has around it.
    ///
    /// - Parameter warn: Called with a sentence for each static file that is left out.
    /// - Throws: The error of its routes or its static files.
    func served(
        _ settings: Settings, rootPath: String = "", warn: (String) -> Void = { _ in }
    ) throws -> any Application {
        let files = try StaticFiles(staticSources(settings), settings: settings, rootPath: rootPath)
        for warning in files.warnings { warn(warning) }
        let libraries = installedApps.reduce(into: [:]) { $0.merge($1.templateLibraries) { first, _ in first } }
        return try SiteMiddleware(
            application, settings: settings, staticFiles: files, templates: installedApps.flatMap(\.templates),
            libraries: libraries, rootPath: rootPath)
    }
}
