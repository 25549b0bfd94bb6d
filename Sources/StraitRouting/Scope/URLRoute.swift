/// What the routers captured from a path: Channels' `scope["url_route"]`.
public struct URLRoute: Sendable {
    /// The positional captures of regular expressions, outer routers' first.
    public var args: [String] = []
    /// The captures by name, as their converters made them; inner routers' over outer ones', defaults over captures.
    public var kwargs: [String: any Sendable] = [:]
    /// The name of the route that led to the endpoint, with its namespaces: `chat:room`.
    public var name: String?
    /// The namespaces of the routers that were passed through.
    package var namespaces: [String] = []

    public init(args: [String] = [], kwargs: [String: any Sendable] = [:], name: String? = nil) {
        self.args = args
        self.kwargs = kwargs
        self.name = name
    }

    /// The argument `name` as what the context asks for: `let id: Int = try scope.urlRoute["id"]`.
    ///
    /// - Throws: ``RouteArgumentError`` where there is none of that name, or it is no such value.
    public subscript<Argument: RouteArgument>(name: String) -> Argument {
        get throws(RouteArgumentError) {
            guard let value = kwargs[name] else {
                throw RouteArgumentError(
                    "The route has no argument '\(name)'. "
                        + (kwargs.isEmpty
                            ? "It has none." : "It has: " + kwargs.keys.sorted().joined(separator: ", ") + "."))
            }
            if let argument = value as? Argument { return argument }
            guard let argument = Argument(routeArgument: value) else {
                throw RouteArgumentError(
                    "The route's argument '\(name)' holds \(type(of: value)) '\(value)', which is no \(Argument.self).")
            }
            return argument
        }
    }

    /// The argument `name` as text, where the context asks for nothing else: `let room = try scope.urlRoute["room"]`.
    ///
    /// - Throws: ``RouteArgumentError`` where there is none of that name, or it is no text.
    @_disfavoredOverload
    public subscript(name: String) -> String {
        get throws(RouteArgumentError) {
            let text: String = try self[name]
            return text
        }
    }
}
