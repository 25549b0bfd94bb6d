/// A pattern and the application that answers what it matches. Made by `path`, `rePath`
/// and `include`; what is wrong with the pattern is said when the ``URLRouter`` is made.
public struct Route: Sendable {
    enum Pattern: Sendable {
        case path(PathPattern)
        case regex(RegexPattern)
    }

    let pattern: Result<Pattern, RoutingError>
    let application: any Application
    let defaults: [String: any Sendable]
    let name: String?
    let namespace: String?

    init(
        _ pattern: Result<Pattern, RoutingError>, _ application: any Application, defaults: [String: any Sendable],
        name: String?, namespace: String?
    ) {
        self.pattern = pattern
        self.application = application
        self.defaults = defaults
        self.name = name
        self.namespace = namespace
    }

    /// A route from a path to an application: an endpoint has to match all of the path, a router its beginning.
    public init(
        path: String, application: any Application, kwargs: [String: any Sendable] = [:], name: String? = nil,
        namespace: String? = nil
    ) {
        let pattern: Result<Pattern, RoutingError>
        do { pattern = .success(.path(try PathPattern(path))) } catch { pattern = .failure(error) }
        self.init(pattern, application, defaults: kwargs, name: name, namespace: namespace)
    }

    /// A route from a regular expression.
    ///
    /// - Parameter template: The same route as a path, to reverse its name with.
    public init(
        regex: sending Regex<AnyRegexOutput>, template: String? = nil, application: any Application,
        kwargs: [String: any Sendable] = [:], name: String? = nil, namespace: String? = nil
    ) {
        let pattern: Result<Pattern, RoutingError>
        do {
            pattern = .success(.regex(RegexPattern(regex, template: try template.map(Self.parsed))))
        } catch {
            pattern = .failure(error)
        }
        self.init(pattern, application, defaults: kwargs, name: name, namespace: namespace)
    }

    private static func parsed(_ template: String) throws(RoutingError) -> PathPattern {
        try PathPattern(template)
    }

    /// The scope behind this route, or nil if it does not match. A channel has no path: every route leads to it.
    func entered(_ scope: Scope, from start: Int) -> Scope? {
        if scope.type == .channel { return scope }
        guard let match = match(scope.path, from: start, outer: scope.urlRoute) else { return nil }
        var inner = scope
        inner.enter(match.route, end: match.end)
        return inner
    }

    /// The route that `outer` and this match lead to, or nil where the path does not match.
    func match(_ path: String, from start: Int, outer: URLRoute) -> (route: URLRoute, end: Int)? {
        let isPrefix = !application.isEndpoint
        let found: RouteMatch? =
            switch pattern {
            case .success(.path(let pattern)): pattern.match(path, from: start, isPrefix: isPrefix)
            case .success(.regex(let pattern)): pattern.match(path, from: start, isPrefix: isPrefix)
            case .failure: nil
            }
        guard let found else { return nil }
        var route = outer
        if !found.args.isEmpty { route.args += found.args }
        if !found.kwargs.isEmpty { route.kwargs.merge(found.kwargs) { $1 } }
        if !defaults.isEmpty { route.kwargs.merge(defaults) { $1 } }
        if let namespace { route.namespaces.append(namespace) }
        if let name {
            route.name = route.namespaces.isEmpty ? name : (route.namespaces + [name]).joined(separator: ":")
        }
        return (route, found.end)
    }

    /// The application's patterns with this route's in front.
    var urlPatterns: [URLPattern] {
        application.urlPatterns.map { inner in
            var result = inner
            result.defaults.merge(defaults) { inner, _ in inner }
            if let namespace { result.namespaces.insert(namespace, at: 0) }
            if let name, result.name == nil { result.name = name }
            let own: PathPattern?
            switch pattern {
            case .success(.path(let pattern)): own = pattern
            case .success(.regex(let pattern)): own = pattern.template
            case .failure: own = nil
            }
            result.text = (own?.text ?? "(regex)") + inner.text
            result.pieces = own.flatMap { own in inner.pieces.map { own.pieces + $0 } }
            return result
        }
    }
}
