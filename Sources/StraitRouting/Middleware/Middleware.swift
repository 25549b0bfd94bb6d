/// An application around another one, which may change the scope, refuse the connection or change responses; Channels'
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
/// A site lists its middleware: `var middleware: MiddlewareList { .standard.appending(TenantMiddleware.init) }`. To
/// apply it to some routes only, wrap their application: `path("shop/", TenantMiddleware(shop))`.
///
/// Middleware registers later work in the ``Resolution``: for the response (``Resolution/changeResponse(_:)``,
/// ``Resolution/mapResponse(_:)``), for an accepted socket (``Resolution/onAccept(_:)``) and for a closed socket
/// (`onClose`).
///
/// A router inside any number of middlewares still routes, and its names can still be reversed.
public protocol Middleware: Application {
    /// The application that this middleware wraps.
    var inner: any Application { get }
}

extension Middleware {
    /// The patterns of ``inner``.
    public var urlPatterns: [URLPattern] { inner.urlPatterns }
    /// The channels of ``inner``.
    public var channelNames: [String] { inner.channelNames }
    /// Whether ``inner`` serves a single path.
    public var isEndpoint: Bool { inner.isEndpoint }
}
