internal import StraitConsumers
internal import StraitCore
internal import StraitSessions
internal import Synchronization

/// The user of a scope, loaded on first use, and the socket to close when the user is logged out.
final class UserSource: Sendable {
    let accounts: Accounts
    private let watch: SocketWatch?
    private let state = Mutex(State())

    private struct State {
        var user: RequestUser?
        var socket: SocketHandle?
        /// The key of the session or token for which the socket is watched.
        var key: String?
        /// Whether the socket has closed. A slow acceptance may end after that.
        var hasClosed = false
    }

    init(_ accounts: Accounts, _ services: Services) {
        self.accounts = accounts
        watch = services.find(SocketWatch.self)
    }

    /// The user, or nil before the first use and after the release.
    var known: RequestUser? { state.withLock { $0.user } }

    /// Returns the user of the scope's session. All callers get the same object.
    ///
    /// - Parameter canCycle: Whether a session whose hash was made with a former `SECRET_KEY` may get a new key. An
    ///   open socket cannot set the cookie.
    func user(_ session: Session, canCycle: Bool) async throws -> RequestUser {
        if let known { return known }
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
        return state.withLock { state in
            if let first = state.user { return first }
            state.user = user
            return user
        }
    }

    /// Replaces the user after a login or a logout. Starts to watch an open socket if there is a user, and stops
    /// otherwise.
    ///
    /// - Parameter key: The key of the session or the token, or nil after a logout.
    func set(_ user: RequestUser, key: String?) {
        state.withLock { state in
            state.user = user
            move(to: key, &state)
        }
    }

    // MARK: The socket

    /// Finds the user of a socket's session, before its consumer connects.
    func begin(_ session: Session) async throws {
        _ = try await user(session, canCycle: false)
        state.withLock { $0.key = session.key }
    }

    /// Starts to watch a socket that has been accepted. The next check of the database finds a logout that happened
    /// since the handshake.
    ///
    /// The row of the user is released unless the consumer keeps it, so that an idle socket costs little. It is read
    /// again when it is used next.
    func follow(_ socket: SocketHandle) {
        state.withLock { state in
            if state.hasClosed { return }
            state.socket = socket
            move(to: state.key, &state)
            // The user of a token cannot be found by the session.
            guard let key = state.key, AccessTokens.id(ofKey: key) == nil else { return }
            if isKnownUniquelyReferenced(&state.user) { state.user = nil }
        }
    }

    /// Stops watching the socket, because it has closed.
    func forgetSocket() {
        state.withLock { state in
            move(to: nil, &state)
            state.socket = nil
            state.hasClosed = true
        }
    }

    private func move(to key: String?, _ state: inout State) {
        if let socket = state.socket, let old = state.key { watch?.sockets.remove(socket, session: old) }
        state.key = key
        guard let socket = state.socket, let key, let account = state.user?.account else { return }
        // A backend may have users of its own, whom the database does not know.
        let isKnown = type(of: account) == accounts.model
        watch?.sockets.add(
            UserSockets.Entry(
                socket: socket, user: account.keyText, state: isKnown ? UserSockets.Entry.state(of: account) : nil),
            session: key)
    }
}
