import StraitRouting
import StraitWeb

extension Site {
    /// The site's own routes, and behind them those of its apps.
    public var allRoutes: [Route] { routes + installedApps.flatMap(\.routes) }

    /// Where static files come from, the first first: folders of the settings, then the apps.
    func staticSources(_ settings: Settings) -> [StaticSource] {
        settings.staticFolders.map { .folder($0) } + installedApps.flatMap(\.staticFiles)
    }

    /// All that answers: the application with what a site has around it.
    ///
    /// - Throws: What is wrong with its routes or its static files.
    func served(_ settings: Settings, rootPath: String = "") throws -> any Application {
        let files = try StaticFiles(staticSources(settings), settings: settings, rootPath: rootPath)
        let libraries = installedApps.reduce(into: [:]) { $0.merge($1.templateLibraries) { first, _ in first } }
        return try SiteMiddleware(
            application, settings: settings, staticFiles: files, templates: installedApps.flatMap(\.templates),
            libraries: libraries, rootPath: rootPath)
    }
}
