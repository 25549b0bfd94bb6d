/// The arguments and the name of the routes that matched a path; Channels' `scope["url_route"]`.
public struct URLRoute: Sendable {
    /// The positional captures of regular expressions, those of outer routers first.
    public var args: [String] = []
    /// The named arguments, converted. Inner routers replace values of outer ones, and `kwargs` of a route replace its
    /// captures.
    public var kwargs: [String: any Sendable] = [:]
    /// The name of the matching route, with its namespaces: `chat:room`.
    public var name: String?
    /// The namespaces of the routers on the way to the endpoint.
    package var namespaces: [String] = []

    /// Creates a route's arguments, for tests.
    public init(args: [String] = [], kwargs: [String: any Sendable] = [:], name: String? = nil) {
        self.args = args
        self.kwargs = kwargs
        self.name = name
    }

    /// Returns the argument `name` as the type that the context needs: `let id: Int = try scope.urlRoute["id"]`.
    ///
    /// - Throws: ``RouteArgumentError`` if the route has no argument of that name, or its value does not fit the type.
    public subscript<Argument: RouteArgument>(name: String) -> Argument {
        get throws(RouteArgumentError) {
            guard let value = kwargs[name] else {
                throw RouteArgumentError(
                    "The route has no argument '\(name)'. "
                        + (kwargs.isEmpty
                            ? "It takes no arguments."
                            : "It has: " + kwargs.keys.sorted().joined(separator: ", ") + "."))
            }
            if let argument = value as? Argument { return argument }
            guard let argument = Argument(routeArgument: value) else {
                throw RouteArgumentError(
                    "The route's argument '\(name)' is the \(type(of: value)) '\(value)', not a valid "
                        + "\(Argument.self).")
            }
            return argument
        }
    }

    /// Returns the argument `name` as text if the context needs no other type: `let room = try scope.urlRoute["room"]`.
    ///
    /// - Throws: ``RouteArgumentError`` if the route has no argument of that name, or its value is not text.
    @_disfavoredOverload
    public subscript(name: String) -> String {
        get throws(RouteArgumentError) {
            let text: String = try self[name]
            return text
        }
    }
}
