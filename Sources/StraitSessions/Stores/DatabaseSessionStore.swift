public import FoundationEssentials
public import StraitDatabase
import StraitModels

/// A store that keeps sessions in the table `django_session`; Django's default, `django.contrib.sessions.backends.db`.
/// Django can read and write the same sessions.
///
/// If two requests change one session at the same time, the later one stores only the values that it has changed. In
/// Django, it would store all values.
public struct DatabaseSessionStore: SessionStore {
    private let database: Database
    private let encoding: SessionEncoding
    /// The maximum number of attempts to save a session that other requests save at the same time.
    static let attempts = 20

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - database: The database with the table, which the app `sessions` creates.
    ///   - encoding: The encoding, which signs the data.
    public init(_ database: Database, _ encoding: SessionEncoding) {
        self.database = database
        self.encoding = encoding
    }

    /// Returns the session with a key, if it has not expired. If its data was not signed with the site's keys, the
    /// session is empty.
    public func load(_ key: String, at now: Date) async throws -> StoredSession? {
        try await loadWithEnd(key, at: now)?.session
    }

    /// Returns the session with a key and the time of its end, if it has not expired.
    func loadWithEnd(_ key: String, at now: Date) async throws -> (session: StoredSession, end: Date)? {
        guard SessionKey.isValid(key) else { return nil }
        let table = SessionTables.Session.objects.filter { $0.sessionKey == key && $0.expireDate > now }
        guard let row = try await table.first(in: database) else { return nil }
        let data = encoding.data(of: row.sessionData) ?? SessionData()
        return (StoredSession(key: key, data: data, version: row.sessionData), row.expireDate)
    }

    /// Stores a new session.
    public func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession {
        let text = try encoding.text(of: data)
        let key = SessionKey.random()
        _ = try await database.create(
            SessionTables.Session.Draft(sessionKey: key, sessionData: text, expireDate: lifetime.end))
        return StoredSession(key: key, data: data, version: text)
    }

    /// Stores changed data. If another request has stored the session in the meantime, applies only the changes to it.
    public func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession? {
        var (data, version) = (data, stored.version)
        for _ in 0..<Self.attempts {
            let text = try encoding.text(of: data)
            let unchanged = SessionTables.Session.objects.filter {
                $0.sessionKey == stored.key && $0.sessionData == version
            }
            let count = try await unchanged.update(in: database) {
                [$0.sessionData.set(to: text), $0.expireDate.set(to: lifetime.end)]
            }
            if count > 0 { return StoredSession(key: stored.key, data: data, version: text) }
            guard let other = try await load(stored.key, at: lifetime.now) else { return nil }
            data = other.data
            changes.apply(to: &data)
            version = other.version
        }
        throw DatabaseError(
            .busy, "Too many requests are changing one session at once. Send fewer at the same time.")
    }

    /// Deletes a session.
    public func delete(_ key: String) async throws {
        guard SessionKey.isValid(key) else { return }
        _ = try await SessionTables.Session.objects.filter { $0.sessionKey == key }.delete(in: database)
    }

    /// Looks up the keys. Sends one query for every 500 keys.
    public func missing(_ keys: [String], at now: Date) async throws -> [String] {
        var missing = Set(keys)
        for start in stride(from: 0, to: keys.count, by: 500) {
            let part = Array(keys[start..<min(start + 500, keys.count)])
            let found = try await SessionTables.Session.objects
                .filter { $0.sessionKey.isIn(part) && $0.expireDate > now }
                .select { $0.sessionKey }.all(in: database)
            missing.subtract(found)
        }
        return Array(missing)
    }

    /// Deletes the expired sessions.
    public func clearExpired(at now: Date) async throws -> Int {
        try await SessionTables.Session.objects.filter { $0.expireDate < now }.delete(in: database).count
    }
}
