public import StraitHTTP
public import StraitRouting
internal import StraitConsumers
internal import StraitCore
internal import StraitSessions
internal import StraitWeb

/// Middleware that finds the user of a page or a socket; Django's `AuthenticationMiddleware` and Channels'
/// `AuthMiddleware`. It belongs inside a ``/StraitSessions/SessionMiddleware``.
///
/// A page's user is loaded on first use. A socket's user is loaded before `connect`. If the site has ``AccessTokens``,
/// a client can send a token instead of the session cookie.
public struct AuthenticationMiddleware: Middleware {
    /// The application whose requests get a user.
    public let inner: any Application

    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) { self.inner = inner }

    /// Adds the user to the scope. Answers an invalid access token with 401.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type != .channel, scope[UserSource.self] == nil else { return try await inner.resolve(scope) }
        var scope = scope
        let source = UserSource(try scope.services.get(Accounts.self), scope.services)
        scope[UserSource.self] = source
        let token = try await Self.token(&scope, source)
        if token == .refused { return Resolution(scope: scope, endpoint: .response(BearerToken.refusal)) }
        guard scope.type == .webSocket else {
            var resolution = try await inner.resolve(scope)
            // A token, not a cookie, authenticates this request, and another site's page cannot send the token. So the
            // request needs no CSRF check.
            if token == .accepted { resolution?.scope[CSRFExemption.self] = CSRFExemption() }
            return resolution
        }
        if token == .none { try await source.begin(try await scope.session) }
        guard var resolution = try await inner.resolve(scope) else { return nil }
        let socket = resolution.socket()
        // A logout between the handshake and this is found at the next look.
        resolution.onAccept { _ in source.follow(socket) }
        resolution.onClose { _ in source.forgetSocket() }
        return resolution
    }

    private enum Token {
        case none, accepted, refused
    }

    /// Looks for an access token. If it is valid, its user becomes the user of the scope.
    private static func token(_ scope: inout Scope, _ source: UserSource) async throws -> Token {
        guard let tokens = scope.services.find(AccessTokens.self), let token = BearerToken(takenFrom: &scope) else {
            return .none
        }
        guard let holder = try await tokens.holder(of: token.text) else { return .refused }
        source.set(holder.user, key: AccessTokens.key(of: holder.id))
        if token.isSubprotocol {
            scope[FallbackSubprotocol.self] = FallbackSubprotocol(name: BearerToken.subprotocol)
        }
        return .accepted
    }
}

/// Middleware that adds sessions and users to the sockets and pages inside it; Channels' `AuthMiddlewareStack`.
///
/// ```swift
/// var routes: [Route] { path("ws/", AuthMiddlewareStack(URLRouter { path("chat/", Chat()) })) }
/// ```
///
/// A site does not need it if its middleware list has both `SessionMiddleware` and `AuthenticationMiddleware`.
public struct AuthMiddlewareStack: Middleware {
    /// The application whose requests get a session and a user.
    public let inner: any Application
    private let stack: SessionMiddleware

    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) {
        self.inner = inner
        stack = SessionMiddleware(AuthenticationMiddleware(inner))
    }

    /// Adds the session and the user to the scope.
    public func resolve(_ scope: Scope) async throws -> Resolution? { try await stack.resolve(scope) }
}

extension Scope {
    /// The user of the page or the socket; Channels' `scope["user"]`.
    ///
    /// - Throws: `AccountError.Code.noMiddleware` outside an `AuthenticationMiddleware`; an error from the session
    ///   store or the database.
    public var user: RequestUser {
        get async throws {
            guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
            if let user = source.known { return user }
            return try await source.user(try await session, canCycle: type == .http)
        }
    }
}

extension Request {
    /// The user of the page; Django's `request.user`.
    ///
    /// - Throws: The errors of ``/StraitHTTP/Scope/user``.
    public var user: RequestUser {
        get async throws { try await scope.user }
    }
}

extension AccountError {
    static let noMiddleware = AccountError(
        .noMiddleware,
        "This scope has no user. Add AuthenticationMiddleware to the site's middleware, after SessionMiddleware, and "
            + "AuthApp to its installedApps.")
}
