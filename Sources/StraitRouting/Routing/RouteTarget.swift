/// A target of `path` and `rePath` besides functions and consumers: a view, a router, or middleware around one.
///
/// ```swift
/// path("rooms/", RoomsView())                 // answers for the whole path
/// path("shop/", TenantMiddleware(shop))       // answers for every path with this beginning
/// ```
public protocol RouteTarget: Sendable {
    /// The application that serves this target.
    var asApplication: any Application { get }
}

extension Application {
    /// The application itself.
    public var asApplication: any Application { self }
}

extension HTTPHandler {
    /// An ``Endpoint`` with this handler.
    public var asApplication: any Application { Endpoint.http(self) }
}

/// The target of a route without a target, which the router rejects.
///
/// It is the default value of a target parameter. Without it, the compiler would report a mistake in a route's closure
/// as a wrong type of target.
public struct MissingTarget: Application {
    /// Creates the placeholder.
    public init() {}

    /// Returns nil.
    public func resolve(_ scope: Scope) async throws -> Resolution? { nil }
    /// True: the route has to match the whole path.
    public var isEndpoint: Bool { true }
}
