public import FoundationEssentials
internal import StraitCrypto

/// Storage for sessions; a module that Django's `SESSION_ENGINE` names.
public protocol SessionStore: Sendable {
    /// Whether a session has a key that stays the same when its data changes. False for signed cookies.
    var hasKeys: Bool { get }
    /// Returns the session with a key, or nil if there is none or it has expired.
    func load(_ key: String, at now: Date) async throws -> StoredSession?
    /// Stores a new session under a new key.
    func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession
    /// Stores the changed data of a session.
    ///
    /// - Parameters:
    ///   - data: The data with all changes.
    ///   - changes: The changes alone.
    ///   - stored: The session as it was loaded. If another request has stored it since then, a store applies only
    ///     `changes` if it can.
    /// - Returns: The session as it is stored now, or nil if it was deleted in the meantime.
    func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession?
    /// Deletes a session. Does nothing if there is none.
    func delete(_ key: String) async throws
    /// Returns the keys that no longer have a session. It is called about twice a second for the sessions of open
    /// sockets.
    func missing(_ keys: [String], at now: Date) async throws -> [String]
    /// Deletes the expired sessions and returns their number; Django's `clear_expired`. A store whose sessions expire
    /// on their own does nothing.
    func clearExpired(at now: Date) async throws -> Int
}

extension SessionStore {
    /// True.
    public var hasKeys: Bool { true }

    /// Finds the missing keys by loading each session.
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
    /// Text that tells the store whether the session has been stored again since it was loaded.
    public var version: String

    /// Creates a session.
    public init(key: String, data: SessionData, version: String = "") {
        self.key = key
        self.data = data
        self.version = version
    }
}

/// The period for which a session is stored.
public struct SessionLifetime: Sendable, Hashable {
    /// The current time.
    public var now: Date
    /// The time from `now` to `end`, in seconds.
    public var age: Int
    /// The time at which the session ends.
    public var end: Date

    /// Creates a lifetime.
    public init(now: Date, age: Int, end: Date) {
        self.now = now
        self.age = age
        self.end = end
    }
}

/// The format of session keys.
enum SessionKey {
    /// Returns a new key in Django's format: 32 letters and digits, with 165 bits of randomness.
    static func random() -> String { randomText(32, of: "abcdefghijklmnopqrstuvwxyz0123456789") }

    /// Whether text from a cookie has the form of a session key. Stores do not look up other text.
    static func isValid(_ key: String) -> Bool {
        (8...40).contains(key.utf8.count)
            && key.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
            }
    }
}
