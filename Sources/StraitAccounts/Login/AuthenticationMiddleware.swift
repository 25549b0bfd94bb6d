public import StraitHTTP
public import StraitRouting
internal import StraitConsumers
internal import StraitCore
internal import StraitSessions
internal import Synchronization

/// Middleware that finds the user of a page or a socket; Django's `AuthenticationMiddleware` and Channels'
/// `AuthMiddleware`. It belongs inside a ``/StraitSessions/SessionMiddleware``.
///
/// A page's user is read when it is first used. A socket's user is known before `connect`.
public struct AuthenticationMiddleware: Middleware {
    /// The application whose requests get a user.
    public let inner: any Application

    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) { self.inner = inner }

    /// Adds the user to the scope.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type != .channel, scope[UserSource.self] == nil else { return try await inner.resolve(scope) }
        let source = UserSource(try scope.services.get(Accounts.self))
        var scope = scope
        scope[UserSource.self] = source
        guard scope.type == .webSocket else { return try await inner.resolve(scope) }
        let session = try await scope.session
        let user = try await source.user(session, canCycle: false)
        guard var resolution = try await inner.resolve(scope) else { return nil }
        if let account = user.account, let key = session.key, let watch = scope.services.find(SocketWatch.self) {
            let socket = resolution.socket()
            let entry = UserSockets.Entry(
                socket: socket, user: account.keyText, password: UserSockets.Entry.fingerprint(account.password))
            // A logout between the handshake and this is found at the next look.
            resolution.onAccept { _ in watch.sockets.add(entry, session: key) }
            resolution.onClose { _ in watch.sockets.remove(socket, session: key) }
        }
        return resolution
    }
}

/// Sessions and users for the sockets and pages inside; Channels' `AuthMiddlewareStack`.
///
/// ```swift
/// var routes: [Route] { path("ws/", AuthMiddlewareStack(URLRouter { path("chat/", Chat()) })) }
/// ```
///
/// A site that has both in its middleware list needs none.
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

/// The user of a scope, who is found at the first use.
final class UserSource: Sendable {
    let accounts: Accounts
    private let known = Mutex<RequestUser?>(nil)

    init(_ accounts: Accounts) { self.accounts = accounts }

    /// Returns the user of the scope's session. All callers get the same one.
    ///
    /// - Parameter canCycle: Whether a session whose hash was made with a former `SECRET_KEY` may get a new key. A
    ///   socket that is open cannot set the cookie.
    func user(_ session: Session, canCycle: Bool) async throws -> RequestUser {
        if let user = known.withLock({ $0 }) { return user }
        let user: RequestUser
        switch try await accounts.user(of: session) {
        case .user(let found): user = found
        case .formerKey(let found, let hash):
            if canCycle {
                try await session.cycleKey()
                session[SessionNames.hash] = hash
            }
            user = found
        case .changedPassword:
            try await session.flush()
            user = .anonymous
        case .nobody: user = .anonymous
        }
        return known.withLock { known in
            if let first = known { return first }
            known = user
            return user
        }
    }

    /// The user, if a caller has asked for it.
    var loaded: RequestUser? { known.withLock { $0 } }

    /// Replaces the user, after a login or a logout.
    func set(_ user: RequestUser) { known.withLock { $0 = user } }
}

extension Scope {
    /// The user of the page or the socket; Channels' `scope["user"]`.
    ///
    /// - Throws: `AccountError.Code.noMiddleware` outside an `AuthenticationMiddleware`; an error of the session's
    ///   store or of the database.
    public var user: RequestUser {
        get async throws {
            guard let source = self[UserSource.self] else { throw AccountError.noMiddleware }
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
        "There is no user here. Add AuthenticationMiddleware to the site's middleware, after SessionMiddleware, and "
            + "AuthApp to its installedApps.")
}
