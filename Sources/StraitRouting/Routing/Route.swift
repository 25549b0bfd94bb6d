/// A path or a regular expression, and the application that it leads to.
///
/// Use `path`, `rePath` and `include` to create routes. ``URLRouter`` reports an invalid pattern when it is created.
public struct Route: Sendable {
    enum Source: Sendable {
        case path(String)
        /// An expression, and the same route as a path, which is used to reverse its name.
        case regex(RegexPattern, template: String?)
    }

    enum Content: Sendable {
        case application(any Application)
        /// The route has no target.
        case missing
        /// Routes that become a router when the outer router is created.
        case routes([Route])

        init(_ application: any Application) {
            self = application is MissingTarget ? .missing : .application(application)
        }
    }

    let source: Source
    let content: Content
    let defaults: [String: any Sendable]
    let name: String?
    let namespace: String?

    /// Creates a route from a path to an application. An endpoint has to match the whole path, a router its beginning.
    public init(
        path: String, application: any Application, kwargs: [String: any Sendable] = [:], name: String? = nil,
        namespace: String? = nil
    ) {
        self.init(.path(path), Content(application), kwargs, name: name, namespace: namespace)
    }

    /// Creates a route from a regular expression to an application.
    ///
    /// - Parameter template: The same route as a path, which is used to reverse its name.
    public init(
        regex: sending Regex<AnyRegexOutput>, template: String? = nil, application: any Application,
        kwargs: [String: any Sendable] = [:], name: String? = nil, namespace: String? = nil
    ) {
        self.init(
            .regex(RegexPattern(regex), template: template), Content(application), kwargs, name: name,
            namespace: namespace)
    }

    init(
        _ source: Source, _ content: Content, _ defaults: [String: any Sendable], name: String? = nil,
        namespace: String? = nil
    ) {
        self.source = source
        self.content = content
        self.defaults = defaults
        self.name = name
        self.namespace = namespace
    }
}
