import StraitConsumers
import StraitCore
public import StraitHTTP
public import StraitRouting
import StraitWeb
internal import Synchronization

/// Middleware that adds a session to pages and sockets; Django's and Channels' `SessionMiddleware`.
///
/// The session is loaded on first use. If it has changed, it is saved with the response of a page. For a socket, it is
/// saved when the socket is accepted and when it closes. The site needs ``Sessions`` as a service.
public struct SessionMiddleware: Middleware {
    /// The application whose requests get a session.
    public let inner: any Application

    /// Creates the middleware around `inner`.
    public init(_ inner: any Application) { self.inner = inner }

    /// Adds the session to the scope without loading it.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type != .channel, scope[SessionSource.self] == nil else { return try await inner.resolve(scope) }
        let sessions = try scope.services.get(Sessions.self)
        var scope = scope
        let source = SessionSource(sessions, cookie: scope.cookies[sessions.settings.cookieName])
        scope[SessionSource.self] = source
        guard var resolution = try await inner.resolve(scope) else { return nil }
        resolution.mapResponse { try await source.finish(&$0) }
        resolution.onAccept { try await source.accept(&$0) }
        resolution.onClose { _ in try await source.close() }
        return resolution
    }
}

/// The session of a scope, loaded on first use.
final class SessionSource: Sendable {
    private let sessions: Sessions
    private let hadCookie: Bool
    private let state: Mutex<State>

    private struct State {
        /// The value of the cookie, or the key under which the session has been saved since.
        var cookie: String?
        var session: Session?
        var wasReleased = false
    }

    init(_ sessions: Sessions, cookie: String?) {
        self.sessions = sessions
        hadCookie = cookie != nil
        state = Mutex(State(cookie: cookie))
    }

    private var loaded: Session? { state.withLock { $0.session } }

    /// Drops a session without changes unless the consumer keeps it, so that an idle socket costs little. It is read
    /// again when it is used next.
    private func release() {
        state.withLock { state in
            guard state.session?.isModified == false, isKnownUniquelyReferenced(&state.session) else { return }
            state.cookie = state.session?.key
            state.session = nil
            state.wasReleased = true
        }
    }

    /// Whether the client sent a cookie.
    var hasCookie: Bool { state.withLock { $0.cookie?.isEmpty == false } }

    /// Returns the session. All callers get the same object.
    func session() async throws -> Session {
        let (known, cookie, wasReleased) = state.withLock { ($0.session, $0.cookie, $0.wasReleased) }
        if let known { return known }
        let session = try await sessions.session(cookie)
        if wasReleased, cookie != nil, session.key == nil { session.markDeleted() }
        return state.withLock { state in
            if let first = state.session { return first }
            state.session = session
            return session
        }
    }

    /// Saves the session, and adds its cookie to a response.
    func finish(_ response: inout Response) async throws {
        if sessions.settings.savesEveryRequest, hadCookie { _ = try await session() }
        guard let session = loaded else { return }
        response.headers.addVary("Cookie")
        if session.isEmpty {
            if hadCookie { try response.setCookie(sessions.deletion) }
            return
        }
        guard session.isModified || sessions.settings.savesEveryRequest, response.status.code < 500 else { return }
        do {
            try await session.store()
        } catch let error as SessionError where error.code == .interrupted {
            response = .text(error.description + "\n", status: .badRequest)
            return
        }
        if let key = session.key { try response.setCookie(sessions.cookie(key, session)) }
    }

    /// Saves the session, and adds its cookie to the response that accepts a socket.
    func accept(_ headers: inout HTTPFields) async throws {
        try await save(&headers)
        release()
    }

    private func save(_ headers: inout HTTPFields) async throws {
        guard let session = loaded else { return }
        if session.isEmpty {
            if hadCookie { try headers.append("set-cookie", sessions.deletion.headerValue()) }
            return
        }
        guard session.isModified || sessions.settings.savesEveryRequest else { return }
        try await session.store()
        if let key = session.key { try headers.append("set-cookie", sessions.cookie(key, session).headerValue()) }
    }

    /// Saves the session when a socket closes. A session that was deleted in the meantime stays deleted.
    func close() async throws {
        // The browser would never learn the key of a session that begins after the handshake.
        guard let session = loaded, session.key != nil else { return }
        do {
            try await session.save()
        } catch let error as SessionError where error.code == .interrupted {}
    }
}

extension Scope {
    /// Whether the client sent a cookie for a session.
    package var hasSessionCookie: Bool { self[SessionSource.self]?.hasCookie == true }

    /// The visitor's session, loaded on first use; Django's `request.session` and Channels' `scope["session"]`.
    ///
    /// - Throws: `SessionError.Code.noMiddleware` outside a `SessionMiddleware`; an error from the store.
    public var session: Session {
        get async throws {
            guard let source = self[SessionSource.self] else { throw SessionError.noMiddleware }
            return try await source.session()
        }
    }
}

extension Request {
    /// The visitor's session, as ``/StraitHTTP/Scope/session`` returns it.
    public var session: Session {
        get async throws { try await scope.session }
    }
}
