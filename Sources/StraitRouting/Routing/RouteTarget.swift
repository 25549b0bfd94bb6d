/// A target that `path` and `rePath` lead to, beside functions and consumers: a view, a router, or middleware around one.
///
/// ```swift
/// path("rooms/", RoomsView())                 // answers for the whole path
/// path("shop/", TenantMiddleware(shop))       // answers for every path with this beginning
/// ```
public protocol RouteTarget: Sendable {
    /// The application that answers for this target.
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

/// The target of a route that names none. The router refuses it.
///
/// It is the default value of a target, since the compiler then reports a mistake in a route's closure at its
/// place, instead of saying that the closure is no target.
public struct MissingTarget: Application {
    public init() {}

    public func resolve(_ scope: Scope) async throws -> Resolution? { nil }
    public var isEndpoint: Bool { true }
}
