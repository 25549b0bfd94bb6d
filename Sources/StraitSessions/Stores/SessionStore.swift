public import FoundationEssentials
internal import StraitCrypto

/// Storage for sessions; a module of Django's `SESSION_ENGINE`.
public protocol SessionStore: Sendable {
    /// Returns the session with a key, or nil if there is none or it has expired.
    func load(_ key: String, at now: Date) async throws -> StoredSession?
    /// Stores a new session under a new key.
    func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession
    /// Stores changed data of a session.
    ///
    /// - Parameters:
    ///   - data: The data with all changes.
    ///   - changes: The changes alone.
    ///   - stored: The session as it was read. If another request has stored it since then, a store that can do so
    ///     applies only the changes.
    /// - Returns: The session as it is stored now, or nil if it was deleted meanwhile.
    func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession?
    /// Deletes a session. Does nothing if there is none.
    func delete(_ key: String) async throws
    /// Returns those of the keys that have no session any more. It is called about twice a second for the sessions of
    /// open sockets.
    func missing(_ keys: [String], at now: Date) async throws -> [String]
    /// Deletes the expired sessions, and returns their number; Django's `clear_expired`. A store whose sessions expire
    /// by themselves does nothing.
    func clearExpired(at now: Date) async throws -> Int
}

extension SessionStore {
    /// Loads each session.
    public func missing(_ keys: [String], at now: Date) async throws -> [String] {
        var missing: [String] = []
        for key in keys where try await load(key, at: now) == nil { missing.append(key) }
        return missing
    }
}

/// A session as a store returns it.
public struct StoredSession: Sendable {
    /// The key, which is the value of the cookie.
    public var key: String
    /// The values.
    public var data: SessionData
    /// The text by which a store recognizes whether the session was stored again.
    public var version: String

    /// Creates a session.
    public init(key: String, data: SessionData, version: String = "") {
        self.key = key
        self.data = data
        self.version = version
    }
}

/// The time until which a session is stored.
public struct SessionLifetime: Sendable, Hashable {
    /// The current time.
    public var now: Date
    /// The time from then on, in seconds.
    public var age: Int
    /// The time of the end.
    public var end: Date

    /// Creates a lifetime.
    public init(now: Date, age: Int, end: Date) {
        self.now = now
        self.age = age
        self.end = end
    }
}

/// The keys of sessions.
enum SessionKey {
    /// Returns a new key as Django makes it: 32 letters and digits, with 165 bits.
    static func random() -> String { randomText(32, of: "abcdefghijklmnopqrstuvwxyz0123456789") }

    /// Whether text from a cookie can be a key of a store with keys. Others are not looked up.
    static func isValid(_ key: String) -> Bool {
        (8...40).contains(key.utf8.count)
            && key.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
            }
    }
}
