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
///         scope[TenantKey.self] = host
///         return try await inner.resolve(scope)
///     }
/// }
/// ```
///
/// It goes around the routes where the site says who answers:
///
/// ```swift
/// var application: any Application {
///     get throws { TenantMiddleware(try URLRouter(allRoutes)) }
/// }
/// ```
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
