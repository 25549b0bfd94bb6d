package import StraitHTTP

/// An application that wraps another one. It may change the scope, refuse the connection or change responses; Channels'
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
/// Routing and reversing names work through any number of wrapped middlewares.
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

/// One step of the framework's own middleware, which never waits. A chain calls its stages one after another, without
/// closures or copies of the scope between them.
package protocol MiddlewareStage: AnyObject, Sendable {
    /// The optional methods that the stage implements. The chain calls no others.
    var hooks: StageHooks { get }

    /// Changes the scope before routing, or returns an endpoint that replaces all inner stages and the application.
    func enter(_ scope: inout Scope) throws -> Endpoint?

    /// Answers an error of routing. Returns nil to pass the error on.
    func recover(from error: any Error, _ scope: Scope) -> Resolution?

    /// Answers an error of the handler. Returns nil to pass the error on.
    func answer(to error: any Error, _ request: Request) -> Response?

    /// Returns another scope to route if the original one has no route, or nil.
    func alternative(to scope: Scope) -> Scope?

    /// Answers a scope without a route if its ``alternative(to:)`` has one.
    func answer(_ scope: Scope, whoseAlternativeLedTo found: Resolution) -> Endpoint?

    /// Changes the resolution, which is nil if there is no route. It must not change responses; ``finish(_:_:)`` does
    /// that.
    func leave(_ resolution: inout Resolution?, _ scope: Scope) throws

    /// Changes a response, including refusals.
    func finish(_ response: inout Response, _ scope: Scope) throws
}

extension MiddlewareStage {
    package func enter(_ scope: inout Scope) throws -> Endpoint? { nil }
    package func recover(from error: any Error, _ scope: Scope) -> Resolution? { nil }
    package func answer(to error: any Error, _ request: Request) -> Response? { nil }
    package func alternative(to scope: Scope) -> Scope? { nil }
    package func answer(_ scope: Scope, whoseAlternativeLedTo found: Resolution) -> Endpoint? { nil }
    package func leave(_ resolution: inout Resolution?, _ scope: Scope) throws {}
    package func finish(_ response: inout Response, _ scope: Scope) throws {}
}

/// The optional methods of a ``MiddlewareStage``. Errors are passed to all stages regardless of their hooks.
package struct StageHooks: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let enter = StageHooks(rawValue: 1)
    package static let alternative = StageHooks(rawValue: 2)
    package static let leave = StageHooks(rawValue: 4)
    package static let finish = StageHooks(rawValue: 8)
}

/// Middleware that parses the cookies once and stores them in the scope; Channels' `CookieMiddleware`. Without it, each
/// access of ``/StraitHTTP/Scope/cookies`` parses the header again.
public struct CookieMiddleware: StagedMiddleware {
    /// The application that gets the scope with the cookies.
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) {
        self.inner = inner
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .enter

        func enter(_ scope: inout Scope) -> Endpoint? {
            if !scope.keepsCookies { scope.cookies = scope.cookies }
            return nil
        }
    }
}
