internal import StraitConsumers
internal import StraitCore
internal import StraitText
internal import StraitWebSocket
internal import Synchronization

/// The open sockets of logged-in users in this process, by session or token key.
final class UserSockets: Sendable {
    /// An open socket.
    struct Entry: Sendable {
        let socket: SocketHandle
        /// The user's primary key as text.
        let user: String
        /// ``state(of:)`` of the user, or nil if the user is not in the database.
        let state: Int?
    }

    private struct State {
        var sessions: [String: [Entry]] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    /// The number of sockets.
    var count: Int { state.withLock { $0.count } }

    func add(_ entry: Entry, session: String) {
        state.withLock { state in
            state.sessions[session, default: []].append(entry)
            state.count += 1
        }
    }

    func remove(_ socket: SocketHandle, session: String) {
        state.withLock { state in
            guard var entries = state.sessions[session],
                let index = entries.firstIndex(where: { $0.socket === socket })
            else { return }
            entries.remove(at: index)
            state.sessions[session] = entries.isEmpty ? nil : entries
            state.count -= 1
        }
    }

    /// The keys of all sessions, and the entries of each user.
    var all: (sessions: [String], users: [String: [Entry]]) {
        state.withLock { state in
            var users: [String: [Entry]] = [:]
            for entries in state.sessions.values {
                for entry in entries { users[entry.user, default: []].append(entry) }
            }
            return (Array(state.sessions.keys), users)
        }
    }

    /// Closes the sockets of a session.
    func close(session: String) {
        for entry in state.withLock({ $0.sessions[session] ?? [] }) { entry.end() }
    }

    /// Closes the sockets of a user.
    func close(user: String) {
        let entries = state.withLock { $0.sessions.values.flatMap { $0 }.filter { $0.user == user } }
        for entry in entries { entry.end() }
    }
}

extension UserSockets.Entry {
    /// Closes the socket with 4401, because its user is no longer logged in.
    func end() { socket.close(4401, reason: "logged out") }

    /// Returns a hash of the parts of a user whose change ends the user's sockets: the password hash, and whether the
    /// user is active.
    static func state(of account: any UserModel) -> Int {
        var hasher = Hasher()
        hasher.combine(TextKey(account.sessionHashText))
        hasher.combine(account.isActive)
        return hasher.finalize()
    }
}
