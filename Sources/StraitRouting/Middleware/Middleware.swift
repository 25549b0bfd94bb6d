/// An application around another: it may change the scope, refuse the connection, or change the responses; Channels'
/// `BaseMiddleware`.
///
/// ```swift
/// struct TenantMiddleware: Middleware {
///     let inner: any Application
///     init(_ inner: any Application) { self.inner = inner }
///
///     func resolve(_ scope: Scope) async throws -> Resolution? {
///         guard let host = scope.headers["host"] else {
///             return Resolution(scope: scope, endpoint: .response(.notFound))
///         }
///         var scope = scope
///         scope[Tenant.self] = Tenant(host: host)
///         guard var resolution = try await inner.resolve(scope) else { return nil }
///         resolution.changeResponse { $0.headers["x-tenant"] = host }
///         return resolution
///     }
/// }
/// ```
///
/// A site has it in its list: `var middleware: MiddlewareList { .standard.appending(TenantMiddleware.init) }`. Around a
/// part of the routes it goes by hand: `path("shop/", TenantMiddleware(shop))`.
///
/// Later work is registered in the ``Resolution``: on the response (``Resolution/changeResponse(_:)``,
/// ``Resolution/mapResponse(_:)``), when a socket is accepted (``Resolution/onAccept(_:)``) and when it has ended
/// (`onClose`).
///
/// A router stays a router, and its names reversible, however many middlewares are around it.
public protocol Middleware: Application {
    var inner: any Application { get }
}

extension Middleware {
    public var urlPatterns: [URLPattern] { inner.urlPatterns }
    public var channelNames: [String] { inner.channelNames }
    public var isEndpoint: Bool { inner.isEndpoint }
}
