internal import StraitConsumers
internal import StraitCore
internal import StraitSessions
internal import Synchronization

/// The user of a scope, who is found at the first use, and the socket that is closed when the user is logged out.
final class UserSource: Sendable {
    let accounts: Accounts
    private let watch: SocketWatch?
    private let state = Mutex(State())

    private struct State {
        var user: RequestUser?
        var socket: SocketHandle?
        /// The session or token under which the socket is watched.
        var key: String?
    }

    init(_ accounts: Accounts, _ services: Services) {
        self.accounts = accounts
        watch = services.find(SocketWatch.self)
    }

    /// The user, or nil before the first use.
    var known: RequestUser? { state.withLock { $0.user } }

    /// Returns the user of the scope's session. All callers get the same one.
    ///
    /// - Parameter canCycle: Whether a session whose hash was made with a former `SECRET_KEY` may get a new key. A
    ///   socket that is open cannot set the cookie.
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

    /// Replaces the user, after a login or a logout. An open socket is watched from now on, or not any more.
    ///
    /// - Parameter key: The key of the session, or the name of the token.
    func set(_ user: RequestUser, key: String?) {
        state.withLock { state in
            state.user = user
            move(to: key, &state)
        }
    }

    // MARK: The socket

    /// Begins to watch the socket. A logout between the handshake and this is found at the next look.
    ///
    /// - Parameter session: The key of the session, or nil if the user came with a token.
    func follow(_ socket: SocketHandle, session: String?) {
        state.withLock { state in
            state.socket = socket
            move(to: session ?? state.key, &state)
        }
    }

    /// Ends the watch, because the socket has closed.
    func forgetSocket() {
        state.withLock { state in
            move(to: nil, &state)
            state.socket = nil
        }
    }

    private func move(to key: String?, _ state: inout State) {
        if let socket = state.socket, let old = state.key { watch?.sockets.remove(socket, session: old) }
        state.key = key
        guard let socket = state.socket, let key, let account = state.user?.account else { return }
        watch?.sockets.add(
            UserSockets.Entry(
                socket: socket, user: account.keyText, password: UserSockets.Entry.fingerprint(account.password)),
            session: key)
    }
}
