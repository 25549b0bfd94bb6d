public import StraitNetwork
public import StraitRouting
public import StraitTemplates

/// The settings of a site, the names of its routes, its static files and its templates: one of its services.
public final class SiteContext: Service {
    public let settings: Settings
    /// The names of all routes, to make paths from.
    public let names: URLNames
    /// The site's static files.
    public let staticFiles: StaticFiles
    /// What renders the site's templates.
    public let templates: TemplateEngine
    /// The limits of a form if a handler gives none.
    let formLimits: FormLimits
    /// The values that every template has.
    let contextProcessors: [ContextProcessor]
    /// The settings that templates see.
    let templateSettings: TemplateValue?
    let rootPath: String

    /// - Parameters:
    ///   - loaders: The places of templates, behind the folders of the settings.
    ///   - libraries: The libraries that `{% load %}` finds.
    ///   - contextProcessors: The values that every template has.
    ///   - rootPath: The path under which a proxy mounts the site.
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
    /// The site's settings, names, static files and templates; nil without a site, as in a test of a router alone.
    public var site: SiteContext? { services.find(SiteContext.self) }

    /// The path of the route `name` for these arguments; Django's `reverse()`.
    ///
    /// ```swift
    /// try request.reverse("chat:room", ["room": "tea"])   // "/chat/tea/"
    /// ```
    ///
    /// - Throws: `RoutingError` that says which names there are, or that the application was asked outside of a site.
    public func reverse(_ name: String, _ arguments: [String: any RouteArgument] = [:]) throws -> String {
        guard let site else { throw SiteError.noSite(asking: "the path of '\(name)'") }
        return try site.names.reverse(name, arguments)
    }
}

extension Request {
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
                "There is no site to ask for \(what): the application was asked by itself. Test it as a TestSite, or give "
                + "a SiteContext to its services.")
    }

    static let noSecretKey = SiteError(
        description: "Nothing can be signed without a SECRET_KEY. Set one of at least 50 random characters in the "
            + "environment or in settings.env.")
}
