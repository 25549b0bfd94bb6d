public import FoundationEssentials
import StraitCore
public import StraitHTTP
internal import StraitJSON
internal import Synchronization

/// The values of a visitor that last from one request to the next; Django's `request.session`.
///
/// ```swift
/// let session = try await request.session
/// session["visits", as: Int.self] = (session["visits", as: Int.self] ?? 0) + 1
/// ```
///
/// A session is loaded on first use. If it has changed, it is saved with the response. For a WebSocket, it is saved
/// when the socket is accepted and when it closes. A consumer can also call ``save()``.
public final class Session: Sendable {
    fileprivate struct State {
        var stored: StoredSession?
        var data = SessionData()
        /// The values that have changed since the last save.
        var changes = SessionChanges()
        /// Whether all values must be stored, because the session is new or was emptied.
        var isModified = false
        /// Whether the browser sent a cookie for a session.
        var hasCookie: Bool
        /// Whether the session was deleted while a socket was open, so that it must not be stored again.
        var wasDeleted = false
        /// The error of the first value that could not be encoded as JSON. The next save throws it.
        var failure: (any Error)?
    }

    let sessions: Sessions
    private let state: Mutex<State>

    init(_ stored: StoredSession?, hasCookie: Bool, in sessions: Sessions) {
        self.sessions = sessions
        state = Mutex(State(stored: stored, data: stored?.data ?? SessionData(), hasCookie: hasCookie))
    }

    // MARK: Values

    /// The value with a name, stored as JSON. It is nil if there is none, or if it has another type. Setting nil
    /// removes the value.
    ///
    /// If JSON cannot represent a value that is set, the next ``save()`` throws the error.
    public subscript<Value: Codable>(name: String, as type: Value.Type) -> Value? {
        get { try? decode(name, as: type) }
        set {
            do {
                let json = try newValue.map { try JSONCoder().encode($0) }
                state.withLock { $0.set(name, json) }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    /// The text with a name; nil if there is none, or if the value is not text. Setting nil removes the value.
    public subscript(name: String) -> String? {
        get { self[name, as: String.self] }
        set { self[name, as: String.self] = newValue }
    }

    /// Returns a value, or nil if there is none.
    ///
    /// - Throws: `DecodingError` or ``/StraitJSON/JSONError`` if the value has another type.
    public func decode<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        guard let json = state.withLock({ $0.data[name] }) else { return nil }
        return try JSONCoder().decode(type, from: json)
    }

    /// Removes all values, but not the stored session; Django's `clear`.
    public func removeAll() {
        for name in names { state.withLock { $0.set(name, nil) } }
    }

    /// Whether there is a value with a name.
    public func contains(_ name: String) -> Bool { state.withLock { $0.data[name] != nil } }

    /// The names of all values.
    public var names: [String] { state.withLock { $0.data.names } }

    /// The session key, or nil if the session has not been saved. With signed cookies, it is the whole cookie value.
    public var key: String? { state.withLock { $0.stored?.key } }

    /// Whether the session has a stored key of its own. With signed cookies, it has none.
    package var hasLastingKey: Bool { (try? sessions.store.hasKeys) ?? true }

    /// Whether there are no values and no stored session; Django's `is_empty`.
    public var isEmpty: Bool { state.withLock { $0.isEmpty } }

    /// Whether the session has changed since it was loaded or saved; Django's `modified`. Set it to save the session
    /// even if no value has changed. This also restarts its lifetime.
    public var isModified: Bool {
        get { state.withLock { $0.isChanged } }
        set { state.withLock { $0.isModified = newValue } }
    }

    // MARK: Expiry

    /// Sets the time at which the session ends; Django's `set_expiry`.
    public func setExpiry(_ expiry: SessionExpiry) {
        let stored: StoredExpiry? =
            switch expiry {
            case .seconds(let seconds): .seconds(seconds)
            case .date(let date): .date(date)
            case .browserClose: .seconds(0)
            case .standard: nil
            }
        state.withLock { $0.set(StoredExpiry.name, stored?.json) }
    }

    private var storedExpiry: StoredExpiry? { StoredExpiry(state.withLock { $0.data[StoredExpiry.name] }) }

    /// The number of seconds for which the session would be stored now; Django's `get_expiry_age`.
    public var expiryAge: Int { lifetime.age }

    /// The time at which the session would end if it were stored now; Django's `get_expiry_date`.
    public var expiryDate: Date { lifetime.end }

    /// Whether the cookie expires when the browser closes; Django's `get_expire_at_browser_close`.
    public var expiresAtBrowserClose: Bool {
        switch storedExpiry {
        case nil: sessions.settings.expiresAtBrowserClose
        case .seconds(0): true
        case .seconds, .date: false
        }
    }

    var lifetime: SessionLifetime {
        let now = sessions.now()
        switch storedExpiry {
        case .date(let date):
            let age = min(max(date.timeIntervalSince(now), -1e9), 1e9)
            return SessionLifetime(now: now, age: Int(age.rounded(.down)), end: date)
        case .seconds(let seconds) where seconds != 0:
            let age = min(max(seconds, -1_000_000_000), 1_000_000_000)
            return SessionLifetime(now: now, age: age, end: now.addingTimeInterval(Double(age)))
        default:
            let age = sessions.settings.cookieAge
            return SessionLifetime(now: now, age: age, end: now.addingTimeInterval(Double(age)))
        }
    }

    // MARK: Storing

    /// Saves the session now if it has changed. Call it in a consumer whose socket stays open. Otherwise, the session
    /// is saved automatically.
    ///
    /// - Throws: ``SessionError/Code/interrupted`` if the session has been deleted since it was loaded, such as by a
    ///   logout; an error from the store; the error of a value that JSON cannot represent.
    public func save() async throws {
        guard state.withLock({ $0.isChanged || $0.failure != nil }) else { return }
        try await store()
    }

    /// Marks the session as one that was deleted while a socket was open.
    func markDeleted() { state.withLock { $0.wasDeleted = true } }

    /// Saves the session, even if it has not changed.
    func store() async throws {
        if state.withLock({ $0.wasDeleted }) { throw SessionError.interrupted }
        let (data, changes, stored, failure) = state.withLock { state in
            defer { state.failure = nil }
            return (state.data, state.changes, state.stored, state.failure)
        }
        if let failure { throw failure }
        let saved: StoredSession
        if let stored {
            guard let found = try await sessions.store.save(data, changes: changes, over: stored, lifetime) else {
                throw SessionError.interrupted
            }
            saved = found
        } else {
            saved = try await sessions.store.create(data, lifetime)
        }
        state.withLock { state in
            state.stored = saved
            state.isModified = false
            // Values that changed during the save are kept for the next save.
            state.changes.remove(changes)
            state.data = saved.data
            state.changes.apply(to: &state.data)
        }
    }

    /// Deletes all values and the stored session, as a logout does; Django's `flush`. The response deletes the
    /// browser's cookie.
    public func flush() async throws {
        let stored = state.withLock { state in
            let stored = state.stored
            state.stored = nil
            state.data = SessionData()
            state.changes = SessionChanges()
            state.isModified = true
            state.wasDeleted = false
            return stored
        }
        if let stored { try await sessions.store.delete(stored.key) }
    }

    /// Stores the values under a new key, and deletes the old session; Django's `cycle_key`. Call it when a visitor
    /// logs in, so that the old key, which others may know, is no longer valid.
    public func cycleKey() async throws {
        let (data, old) = state.withLock { ($0.data, $0.stored) }
        let created = try await sessions.store.create(data, lifetime)
        state.withLock { state in
            state.stored = created
            state.isModified = true
            state.wasDeleted = false
        }
        if let old { try await sessions.store.delete(old.key) }
    }

    /// Whether the browser sent a cookie for a session.
    var hasCookie: Bool { state.withLock { $0.hasCookie } }
}

extension Session.State {
    var isChanged: Bool { isModified || !changes.isEmpty }
    var isEmpty: Bool { stored == nil && data.isEmpty }

    mutating func set(_ name: String, _ json: Bytes?) {
        // A value that is set again counts as a change, as in Django, because it restarts the session's lifetime.
        if json == nil, data[name] == nil { return }
        data[name] = json
        changes.set(name, json)
    }
}

/// An error of a session.
public struct SessionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The session was deleted while the request or the socket used it. The response is 400; Django's
        /// `SessionInterrupted`.
        case interrupted
        /// No middleware has added a session to the scope.
        case noMiddleware
        /// The session does not fit into a cookie.
        case tooLarge
        /// The session cannot be stored.
        case storage
        /// The site has not started its services.
        case notStarted
        /// The setting `SESSION_ENGINE` names an unknown session engine.
        case noEngine
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    static let interrupted = SessionError(
        code: .interrupted,
        description: "The session was deleted before the request completed. The user may have logged out in "
            + "another window.")
    static let notStarted = SessionError(
        code: .notStarted,
        description: "The sessions have not been started. Start the site's services before a request uses a session.")
    static let noMiddleware = SessionError(
        code: .noMiddleware,
        description: "This scope has no session. Add SessionMiddleware to the site's middleware, and Sessions to its "
            + "services.")
}

extension SessionError: HTTPStatusError {
    /// 400 for a session that was deleted in the meantime, as in Django; otherwise 500.
    public var status: HTTPStatus { code == .interrupted ? .badRequest : .internalServerError }
}
