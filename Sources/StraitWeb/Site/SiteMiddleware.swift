public import StraitRouting
public import StraitTemplates

/// What a site has around its application, from the outside in: its context, a name for each request, the hosts that it
/// answers for, security fields, protection against forged requests, error pages, the slash that was
/// forgotten, and static files.
///
/// A ``/Strait/Site``'s program puts it there. In tests of an application of one's own:
///
/// ```swift
/// let application = try SiteMiddleware(try URLRouter(routes), settings: settings)
/// ```
public struct SiteMiddleware: Middleware {
    public let inner: any Application
    private let stored: Scope.StoredValue

    /// - Parameters:
    ///   - templates: Where templates are, behind the folders of the settings.
    ///   - libraries: What `{% load %}` loads.
    ///   - rootPath: The path under which a proxy mounts the site.
    /// - Throws: `RoutingError` where `STATIC_URL` is no path.
    public init(
        _ application: any Application, settings: Settings, staticFiles: StaticFiles = StaticFiles(),
        templates: [any TemplateLoader] = [], libraries: [String: TemplateLibrary] = [:], rootPath: String = ""
    ) throws(RoutingError) {
        let site = SiteContext(
            settings: settings, names: URLNames(of: application, rootPath: rootPath), staticFiles: staticFiles,
            loaders: templates, libraries: libraries, rootPath: rootPath)
        stored = Scope.StoredValue(SiteContextKey.self, site)
        var inner: any Application = try StaticFilesMiddleware(application, files: staticFiles)
        if settings.appendSlash { inner = AppendSlashMiddleware(inner) }
        let errors = settings.debug ? ErrorTemplates() : ErrorTemplates(of: site.templates)
        let pages = ErrorPagesMiddleware(inner, isDebug: settings.debug, templates: errors)
        // Around the pages of errors, so that a token in one of them is worth something.
        inner = CSRFMiddleware(
            pages, settings: CSRFSettings(settings), failurePage: { try pages.page(of: $1, $0) },
            errorPage: { pages.answer(to: $0, $1) })
        inner = SecurityMiddleware(inner, settings: settings)
        inner = AllowedHostsMiddleware(inner, settings: settings)
        self.inner = RequestIDMiddleware(inner)
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        var scope = scope
        scope.store(stored)
        return try await inner.resolve(scope)
    }
}
