public import StraitCore
public import StraitForms
public import StraitHTTP
public import StraitRouting
public import StraitTemplates

/// The service that gives handlers a site's settings, route names, static files and templates.
public final class SiteContext: FormLimitsSource {
    /// The site's configuration.
    public let settings: Settings
    /// The names of all routes, for making paths.
    public let names: URLNames
    /// The site's static files.
    public let staticFiles: StaticFiles
    /// The engine that renders the site's templates.
    public let templates: TemplateEngine
    /// The limits of a form for a handler that sets none.
    package let formLimits: FormLimits
    /// The sources of values that every template has.
    let contextProcessors: [ContextProcessor]
    /// The settings that templates can read.
    let templateSettings: TemplateValue?
    let rootPath: String

    /// Creates the context and its template engine.
    ///
    /// - Parameters:
    ///   - settings: The site's configuration.
    ///   - names: The names of all routes.
    ///   - staticFiles: The site's static files.
    ///   - loaders: The loaders of templates. They are tried after the folders of the settings.
    ///   - libraries: The libraries that `{% load %}` finds.
    ///   - contextProcessors: The sources of values that every template has.
    ///   - rootPath: The path that a proxy mounts the site under.
    public init(
        settings: Settings, names: URLNames, staticFiles: StaticFiles = StaticFiles(),
        loaders: [any TemplateLoader] = [], libraries: [String: TemplateLibrary] = [:],
        contextProcessors: [ContextProcessor] = [], rootPath: String = ""
    ) {
        self.settings = settings
        self.names = names
        self.staticFiles = staticFiles
        self.contextProcessors = contextProcessors
        self.rootPath = rootPath
        templateSettings = contextProcessors.settings(of: settings)
        formLimits = FormLimits(settings)
        templates = TemplateEngine(
            loaders, libraries: libraries, settings: settings, names: names, staticFiles: staticFiles,
            rootPath: rootPath)
    }
}

extension ServiceProvider {
    /// The site's settings, names, static files and templates; nil without a site, such as in a test of a router alone.
    public var site: SiteContext? { services.find(SiteContext.self) }

    /// Returns the path of the route `name` for these arguments. Django's `reverse()`.
    ///
    /// ```swift
    /// try request.reverse("chat:room", ["room": "tea"])   // "/chat/tea/"
    /// ```
    ///
    /// - Throws: `RoutingError`, with the names that exist; ``/StraitWeb/SiteError`` if the application has no site.
    public func reverse(_ name: String, _ arguments: [String: any RouteArgument] = [:]) throws -> String {
        guard let site else { throw SiteError.noSite(asking: "the path of '\(name)'") }
        return try site.names.reverse(name, arguments)
    }
}

extension Request {
    /// Redirects the browser to the route `name`, with 302, or with 301 if `permanent`. Django's `redirect()` with a
    /// name.
    ///
    /// - Throws: `RoutingError`, with the names that exist; ``/StraitWeb/SiteError`` if the application has no site.
    public func redirect(
        to name: String, _ arguments: [String: any RouteArgument] = [:], permanent: Bool = false
    ) throws -> Response {
        .redirect(to: try reverse(name, arguments), permanent: permanent)
    }
}

/// An error for an operation that needs a site or a setting of it.
public struct SiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation that failed, and the remedy.
    public let description: String

    static func noSite(asking what: String) -> SiteError {
        SiteError(
            description: """
                There is no site that gives \(what): the application runs on its own. Test it as a TestSite, or add a \
                SiteContext to its services.
                """)
    }

    package static let noSecretKey = SiteError(
        description: "Nothing can be signed without a SECRET_KEY. Set one of at least 50 random characters in the "
            + "environment or in settings.env.")
}
