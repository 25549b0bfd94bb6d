/// Tries its routes in order and takes the first whose pattern matches the path; Channels' `URLRouter`.
///
/// ```swift
/// let routes = try URLRouter {
///     path("", name: "index") { request in .html("<h1>Rooms</h1>") }
///     path("ws/chat/<str:room>/", Chat(), name: "chat")
///     include("shop/", shop, namespace: "shop")
/// }
/// ```
///
/// Patterns are matched against the decoded path without its first slash, or, in a router inside another, against what
/// the outer one left. Where an inner router has no route, the outer one goes on with its next. Pages and sockets may
/// share a router and even a path: each connection finds the routes of its kind.
public struct URLRouter: Application {
    private let routes: [CompiledRoute]

    /// - Parameters:
    ///   - routes: The routes, in the order in which they are tried.
    ///   - converters: Converters of your own by their names, beside Django's five; Django's `register_converter`.
    /// - Throws: ``RoutingError`` for the first pattern that is wrong, with its text and its mistake.
    public init(_ routes: [Route], converters: [String: any Converter] = [:]) throws(RoutingError) {
        let converters = Converters.standard.merging(converters) { $1 }
        var compiled: [CompiledRoute] = []
        for route in routes { compiled.append(try CompiledRoute(route, converters)) }
        self.routes = compiled
    }

    /// - Throws: ``RoutingError`` for the first pattern that is wrong, with its text and what is wrong with it.
    public init(@RouteBuilder _ routes: () throws -> [Route]) throws {
        try self.init(try routes())
    }

    /// - Throws: ``RoutingError`` if the path does not begin with the root path, and the errors of inner applications.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        let start = try scope.routingStart()
        var lastResort: Resolution?
        // By its index a route is read in place; there may be many of them, and each has a dozen parts to copy.
        for index in routes.indices {
            guard let inner = routes[index].entered(scope, from: start),
                let resolution = try await routes[index].application.resolve(inner)
            else { continue }
            guard resolution.isLastResort else { return resolution }
            lastResort = lastResort ?? resolution
        }
        return lastResort
    }

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

    public var channelNames: [String] { routes.flatMap(\.application.channelNames) }

    public var urlPatterns: [URLPattern] {
        routes.flatMap(\.urlPatterns)
    }
}

/// Gathers the routes of a ``URLRouter``.
@resultBuilder public enum RouteBuilder {
    public static func buildExpression(_ route: Route) -> [Route] { [route] }
    public static func buildExpression(_ routes: [Route]) -> [Route] { routes }
    public static func buildExpression(_ router: URLRouter) -> [Route] { [Route(path: "", application: router)] }
    public static func buildExpression(_ router: ProtocolTypeRouter) -> [Route] {
        [Route(path: "", application: router)]
    }
    public static func buildExpression(_ router: ChannelNameRouter) -> [Route] {
        [Route(path: "", application: router)]
    }
    public static func buildBlock(_ routes: [Route]...) -> [Route] { routes.flatMap { $0 } }
    public static func buildOptional(_ routes: [Route]?) -> [Route] { routes ?? [] }
    public static func buildEither(first routes: [Route]) -> [Route] { routes }
    public static func buildEither(second routes: [Route]) -> [Route] { routes }
    public static func buildArray(_ routes: [[Route]]) -> [Route] { routes.flatMap { $0 } }
}
