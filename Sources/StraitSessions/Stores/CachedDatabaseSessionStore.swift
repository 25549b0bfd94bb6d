public import FoundationEssentials
public import StraitCache
public import StraitCore

/// Sessions in the database that are read from a cache; Django's `cached_db`. If the cache cannot be used, the database
/// is.
public struct CachedDatabaseSessionStore: SessionStore {
    private let database: DatabaseSessionStore
    private let cache: any Cache
    private let log: Log
    private static let prefix = "django.contrib.sessions.cached_db"

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - database: The storage in the database.
    ///   - cache: The cache in front of it.
    ///   - log: The log for errors of the cache.
    public init(_ database: DatabaseSessionStore, _ cache: any Cache, log: Log = Log()) {
        self.database = database
        self.cache = cache
        self.log = log
    }

    /// Reads a session from the cache, or from the database and stores it in the cache.
    public func load(_ key: String, at now: Date) async throws -> StoredSession? {
        guard SessionKey.isValid(key) else { return nil }
        let cached = await attempt { try await SessionData(name(key), in: cache) } ?? nil
        if let cached { return StoredSession(key: key, data: cached) }
        guard let (stored, end) = try await database.loadWithEnd(key, at: now) else { return nil }
        let rest = min(max(end.timeIntervalSince(now), 0), 1e9)
        // Another request may have stored newer data meanwhile.
        _ = await attempt {
            let isAdded = try await cache.add(
                name(key), stored.data.cacheValue, timeout: .seconds(Int(rest.rounded(.up))))
            // A logout between the two steps above found nothing in the cache to delete.
            if isAdded, try await database.load(key, at: now)?.version != stored.version {
                try await cache.delete(name(key))
            }
        }
        return stored
    }

    /// Stores a new session in both.
    public func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession {
        let stored = try await database.create(data, lifetime)
        _ = await attempt {
            try await cache.set(name(stored.key), data.cacheValue, timeout: .seconds(lifetime.age))
        }
        return stored
    }

    /// Stores changed data in both. A session that is not in the cache is not added, because it may have been deleted.
    public func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession? {
        guard let saved = try await database.save(data, changes: changes, over: stored, lifetime) else {
            _ = await attempt { try await cache.delete(name(stored.key)) }
            return nil
        }
        _ = await attempt {
            try await cache.replace(name(saved.key), saved.data.cacheValue, timeout: .seconds(lifetime.age))
        }
        return saved
    }

    /// Deletes a session from both.
    public func delete(_ key: String) async throws {
        guard SessionKey.isValid(key) else { return }
        try await database.delete(key)
        // An error is thrown: a session that stays in the cache would still be valid.
        try await cache.delete(name(key))
    }

    /// Looks for all keys in the database.
    public func missing(_ keys: [String], at now: Date) async throws -> [String] {
        try await database.missing(keys, at: now)
    }

    /// Deletes the expired sessions from the database. They expire in the cache by themselves.
    public func clearExpired(at now: Date) async throws -> Int { try await database.clearExpired(at: now) }

    private func name(_ key: String) -> String { Self.prefix + key }

    /// Returns a result of the cache, or nil after an error, which is logged.
    private func attempt<Result>(_ body: () async throws -> Result) async -> Result? {
        do {
            return try await body()
        } catch {
            if !(error is CancellationError) {
                log.error("The cache of sessions failed.", metadata: ["error": "\(error)"])
            }
            return nil
        }
    }
}
