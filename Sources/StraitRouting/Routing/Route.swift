/// A path or a regular expression, and the application behind it. Made by `path`, `rePath` and `include`; a mistake in its
/// pattern is reported when the ``URLRouter`` is made.
public struct Route: Sendable {
    enum Source: Sendable {
        case path(String)
        /// An expression, and the same route as a path to reverse its name with.
        case regex(RegexPattern, template: String?)
    }

    enum Content: Sendable {
        case application(any Application)
        /// No target was given.
        case missing
        /// Routes whose router is made with the one around it.
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

    /// A route from a path to an application: an endpoint has to match all of the path, a router its beginning.
    public init(
        path: String, application: any Application, kwargs: [String: any Sendable] = [:], name: String? = nil,
        namespace: String? = nil
    ) {
        self.init(.path(path), Content(application), kwargs, name: name, namespace: namespace)
    }

    /// A route from a regular expression.
    ///
    /// - Parameter template: The same route as a path, to reverse its name with.
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
