public import StraitHTTP

/// A router that takes the first of its routes whose pattern matches the path; Channels' `URLRouter`.
///
/// ```swift
/// let routes = try URLRouter {
///     path("", name: "index") { request in .html("<h1>Rooms</h1>") }
///     path("ws/chat/<str:room>/", Chat(), name: "chat")
///     include("shop/", shop, namespace: "shop")
/// }
/// ```
///
/// Patterns match the decoded path without its leading slash. An inner router matches the rest that the outer one left.
/// If an inner router has no matching route, the outer router tries its next one. Pages and sockets may share a router
/// and even a path, since each route serves only its type of connection.
public struct URLRouter: Application {
    private let routes: [CompiledRoute]

    /// Creates a router.
    ///
    /// - Parameters:
    ///   - routes: The routes, in the order in which they are tried.
    ///   - converters: Custom converters by name, in addition to Django's five; Django's `register_converter`.
    /// - Throws: ``RoutingError`` with the first invalid pattern and the reason.
    public init(_ routes: [Route], converters: [String: any Converter] = [:]) throws(RoutingError) {
        let converters = Converters.standard.merging(converters) { $1 }
        var compiled: [CompiledRoute] = []
        for route in routes { compiled.append(try CompiledRoute(route, converters)) }
        self.routes = compiled
    }

    /// Creates a router from a list of routes.
    ///
    /// - Throws: ``RoutingError`` with the first invalid pattern and the reason.
    public init(@RouteBuilder _ routes: () throws -> [Route]) throws {
        try self.init(try routes())
    }

    /// Returns the resolution of the first matching route.
    ///
    /// - Throws: ``RoutingError`` if the path does not begin with the root path, or an error of an inner application.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        let start = try scope.routingStart()
        var lastResort: Resolution?
        // An index reads a route in place. A copy would retain a dozen parts for each route.
        for index in routes.indices {
            guard let inner = routes[index].entered(scope, from: start),
                let resolution = try await routes[index].application.resolve(inner)
            else { continue }
            guard resolution.isLastResort else { return resolution }
            lastResort = lastResort ?? resolution
        }
        return lastResort
    }

    /// Like ``resolve(_:)``, as far as that is possible without waiting.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        let start = try scope.routingStart()
        var lastResort: Resolution?
        for index in routes.indices {
            guard let inner = routes[index].entered(scope, from: start) else { continue }
            switch try routes[index].application.resolveNow(inner) {
            case .waits: return .waits
            case .resolved(nil): continue
            case .resolved(let resolution?):
                guard resolution.isLastResort else { return .resolved(resolution) }
                lastResort = lastResort ?? resolution
            }
        }
        return .resolved(lastResort)
    }

    /// The channels of all routes.
    public var channelNames: [String] { routes.flatMap(\.application.channelNames) }

    /// The patterns of all routes.
    public var urlPatterns: [URLPattern] {
        routes.flatMap(\.urlPatterns)
    }
}

/// A builder for the routes of a ``URLRouter``.
@resultBuilder public enum RouteBuilder {
    /// Adds a route.
    public static func buildExpression(_ route: Route) -> [Route] { [route] }
    /// Adds a list of routes.
    public static func buildExpression(_ routes: [Route]) -> [Route] { routes }
    /// Adds the routes of a router.
    public static func buildExpression(_ router: URLRouter) -> [Route] { [Route(path: "", application: router)] }
    /// Adds a router by type of connection.
    public static func buildExpression(_ router: ProtocolTypeRouter) -> [Route] {
        [Route(path: "", application: router)]
    }
    /// Adds a router by channel.
    public static func buildExpression(_ router: ChannelNameRouter) -> [Route] {
        [Route(path: "", application: router)]
    }
    /// Joins the routes of a block.
    public static func buildBlock(_ routes: [Route]...) -> [Route] { routes.flatMap { $0 } }
    /// Adds the routes of an `if` without `else`.
    public static func buildOptional(_ routes: [Route]?) -> [Route] { routes ?? [] }
    /// Adds the routes of an `if` branch.
    public static func buildEither(first routes: [Route]) -> [Route] { routes }
    /// Adds the routes of an `else` branch.
    public static func buildEither(second routes: [Route]) -> [Route] { routes }
    /// Adds the routes of a loop.
    public static func buildArray(_ routes: [[Route]]) -> [Route] { routes.flatMap { $0 } }
}
