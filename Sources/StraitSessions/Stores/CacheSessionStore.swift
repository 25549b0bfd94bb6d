public import FoundationEssentials
public import StraitCache
public import StraitCore

/// Sessions in a cache; Django's `cache`. They expire by themselves, and are lost with the cache.
///
/// Django stores the values themselves, as a dictionary. A session that contains other types than JSON has counts as
/// none, because it cannot be read.
public struct CacheSessionStore: SessionStore {
    private let cache: any Cache
    private let log: Log
    private static let prefix = "django.contrib.sessions.cache"

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - cache: The storage.
    ///   - log: The log for sessions that cannot be read.
    public init(_ cache: any Cache, log: Log = Log()) {
        self.cache = cache
        self.log = log
    }

    /// Reads a session.
    public func load(_ key: String, at now: Date) async throws -> StoredSession? {
        guard SessionKey.isValid(key) else { return nil }
        do {
            return try await SessionData(name(key), in: cache).map { StoredSession(key: key, data: $0) }
        } catch let error as CacheValueError {
            log.warning("A session in the cache cannot be read.", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Stores a new session.
    public func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession {
        let value = try data.cacheValue
        while true {
            let key = SessionKey.random()
            // With a lifetime of 0, nothing is kept.
            let isNew = try await cache.add(name(key), value, timeout: .seconds(lifetime.age))
            if isNew || lifetime.age <= 0 { return StoredSession(key: key, data: data) }
        }
    }

    /// Replaces a session. If it was deleted meanwhile, it stays deleted.
    public func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession? {
        let isKept = try await cache.replace(
            name(stored.key), try data.cacheValue, timeout: .seconds(lifetime.age))
        return isKept ? StoredSession(key: stored.key, data: data) : nil
    }

    /// Deletes a session.
    public func delete(_ key: String) async throws {
        guard SessionKey.isValid(key) else { return }
        try await cache.delete(name(key))
    }

    /// Looks for all keys at once.
    public func missing(_ keys: [String], at now: Date) async throws -> [String] {
        let found = try await cache.existing(keys.filter(SessionKey.isValid).map(name))
        return keys.filter { !found.contains(name($0)) }
    }

    /// Does nothing: sessions expire by themselves.
    public func clearExpired(at now: Date) async throws -> Int { 0 }

    private func name(_ key: String) -> String { Self.prefix + key }
}

extension SessionData {
    /// Reads a session in a cache. Returns nil if there is none, or if the value is no dictionary.
    ///
    /// - Throws: ``/StraitCache/CacheValueError`` if the value has other types than JSON; the errors of the cache.
    init?(_ name: String, in cache: any Cache) async throws {
        guard let value = try await cache.get(name), case .dictionary = value else { return nil }
        try self.init(json: CacheJSON.bytes(of: value))
    }

    /// The values as a dictionary.
    var cacheValue: CacheValue { get throws { try CacheJSON.value(of: json) } }
}
