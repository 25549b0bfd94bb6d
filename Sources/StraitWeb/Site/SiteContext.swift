public import StraitRouting
public import StraitTemplates

/// What all requests and sockets of a running site have in common: its settings, the names of its routes, its static
/// files and its templates. A class, as each of many thousand sockets has it in its scope.
public final class SiteContext: Sendable {
    public let settings: Settings
    /// The names of all routes, to make paths from.
    public let names: URLNames
    /// The site's static files.
    public let staticFiles: StaticFiles
    /// What renders the site's templates.
    public let templates: TemplateEngine
    /// How much of a form is taken where a handler says nothing else.
    let formLimits: FormLimits

    /// - Parameters:
    ///   - loaders: Where templates are, behind the folders of the settings.
    ///   - libraries: What `{% load %}` loads.
    ///   - rootPath: The path under which a proxy mounts the site.
    public init(
        settings: Settings, names: URLNames, staticFiles: StaticFiles = StaticFiles(),
        loaders: [any TemplateLoader] = [], libraries: [String: TemplateLibrary] = [:], rootPath: String = ""
    ) {
        self.settings = settings
        self.names = names
        self.staticFiles = staticFiles
        formLimits = FormLimits(settings)
        templates = TemplateEngine(
            loaders, libraries: libraries, settings: settings, names: names, staticFiles: staticFiles,
            rootPath: rootPath)
    }
}

/// Where a scope has its site.
enum SiteContextKey: ScopeKey {
    static var defaultValue: SiteContext? { nil }
}

extension Scope {
    /// The site that the request or socket belongs to; nil where an application is asked without one, as in a test of a
    /// router alone.
    public var site: SiteContext? {
        get { self[SiteContextKey.self] }
        set { self[SiteContextKey.self] = newValue }
    }

    /// The path of the route `name` for these arguments; Django's `reverse()`.
    ///
    /// ```swift
    /// try request.scope.reverse("chat:room", ["room": "tea"])   // "/chat/tea/"
    /// ```
    ///
    /// - Throws: `RoutingError` that says which names there are, or that the application was asked outside of a site.
    public func reverse(_ name: String, _ arguments: [String: any RouteArgument] = [:]) throws -> String {
        guard let site else { throw SiteError.noSite(asking: "the path of '\(name)'") }
        return try site.names.reverse(name, arguments)
    }
}

extension Request {
    /// The site that the request belongs to; see ``/StraitRouting/Scope/site``.
    public var site: SiteContext? { scope.site }

    /// The path of the route `name` for these arguments; Django's `reverse()`.
    public func reverse(_ name: String, _ arguments: [String: any RouteArgument] = [:]) throws -> String {
        try scope.reverse(name, arguments)
    }

    /// Sends the browser to the route `name`; Django's `redirect()` with a name: 302, or 301 where it is for good.
    ///
    /// - Throws: `RoutingError` that says which names there are.
    public func redirect(
        to name: String, _ arguments: [String: any RouteArgument] = [:], permanent: Bool = false
    ) throws -> Response {
        .redirect(to: try reverse(name, arguments), permanent: permanent)
    }
}

/// Why something of a site's could not be had.
public struct SiteError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    static func noSite(asking what: String) -> SiteError {
        SiteError(
            description:
                "There is no site to ask for \(what): the application was asked by itself. Put a SiteMiddleware "
                + "around it, as the program of a Site does.")
    }
}
