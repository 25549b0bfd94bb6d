import StraitHTTP

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

    /// Creates a route from a path to an application. An endpoint has to match the whole path, a router only its
    /// beginning.
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

/// A ``Route`` with a parsed pattern. It is a class because copying its parts for each request would cost more than the
/// match.
final class CompiledRoute: Sendable {
    private enum Pattern: Sendable {
        case path(PathPattern)
        case regex(RegexPattern, template: PathPattern?)
    }

    private let pattern: Pattern
    /// The literal bytes before the first argument. Most routes are ruled out by comparing them.
    private let lead: [UInt8]
    let application: any Application
    private let isPrefix: Bool
    private let defaults: [String: any Sendable]
    private let name: String?
    private let namespace: String?

    /// Parses the route's pattern.
    ///
    /// - Throws: ``RoutingError`` with the invalid pattern and the reason.
    init(_ route: Route, _ converters: [String: any Converter]) throws(RoutingError) {
        switch route.source {
        case .path(let text):
            let path = try PathPattern(text, converters)
            pattern = .path(path)
            if case .literal(let text)? = path.pieces.first { lead = Array(text.utf8) } else { lead = [] }
        case .regex(let regex, let template):
            var path: PathPattern?
            if let template { path = try PathPattern(template, converters) }
            pattern = .regex(regex, template: path)
            lead = []
        }
        switch route.content {
        case .application(let application): self.application = application.joined
        case .missing: throw .missingTarget(route)
        case .routes(let routes): application = try URLRouter(routes, converters: converters)
        }
        isPrefix = !application.isEndpoint
        defaults = route.defaults
        name = route.name
        namespace = route.namespace
    }

    /// Returns the scope for this route's application, or nil if the route does not match. A channel has no path, so
    /// every route matches it.
    func entered(_ scope: Scope, from start: Int) -> Scope? {
        if scope.type == .channel { return scope }
        guard hasLead(scope.path.utf8.span, from: start) else { return nil }
        let found: RouteMatch? =
            switch pattern {
            case .path(let pattern): pattern.match(scope.path, from: start, isPrefix: isPrefix)
            case .regex(let pattern, _): pattern.match(scope.path, from: start, isPrefix: isPrefix)
            }
        guard let found else { return nil }
        var inner = scope
        inner.enter(end: found.end) { extend(&$0, found) }
        return inner
    }

    private func hasLead(_ path: Span<UInt8>, from start: Int) -> Bool {
        let lead = lead
        guard path.count &- start >= lead.count else { return false }
        for index in lead.indices where path[start &+ index] != lead[index] { return false }
        return true
    }

    private func extend(_ route: inout URLRoute, _ found: RouteMatch) {
        if !found.args.isEmpty { route.args += found.args }
        if !found.kwargs.isEmpty { route.kwargs.merge(found.kwargs) { $1 } }
        if !defaults.isEmpty { route.kwargs.merge(defaults) { $1 } }
        if let namespace { route.namespaces.append(namespace) }
        if let name {
            route.name = route.namespaces.isEmpty ? name : (route.namespaces + [name]).joined(separator: ":")
        }
    }

    /// The application's patterns, each prefixed with this route's pattern.
    var urlPatterns: [URLPattern] {
        application.urlPatterns.map { inner in
            var result = inner
            result.defaults.merge(defaults) { inner, _ in inner }
            if let namespace { result.namespaces.insert(namespace, at: 0) }
            if let name, result.name == nil { result.name = name }
            let own: PathPattern?
            switch pattern {
            case .path(let pattern):
                own = pattern
                result.text = pattern.text + inner.text
            case .regex(let regex, let template):
                own = template
                result.text = (template?.text ?? regex.text ?? "(regex)") + inner.text
            }
            result.pieces = own.flatMap { own in inner.pieces.map { own.pieces + $0 } }
            return result
        }
    }
}
