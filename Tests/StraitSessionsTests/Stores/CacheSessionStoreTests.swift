import FoundationEssentials
import StraitCache
import StraitCore
import StraitDatabase
import StraitTesting
import Synchronization
import Testing

@testable import StraitSessions

/// A cache that can fail.
private final class FailingCache: Cache {
    let inner = MemoryCache()
    let fails = Mutex(false)
    var isShared: Bool { true }

    private func check() throws {
        if fails.withLock({ $0 }) { throw CacheError(.unavailable, "The cache is away.") }
    }

    func get(_ key: String) async throws -> CacheValue? {
        try check()
        return try await inner.get(key)
    }

    func set(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws {
        try check()
        try await inner.set(key, value, timeout: timeout)
    }

    func add(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool {
        try check()
        return try await inner.add(key, value, timeout: timeout)
    }

    func replace(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool {
        try check()
        return try await inner.replace(key, value, timeout: timeout)
    }

    @discardableResult func delete(_ key: String) async throws -> Bool {
        try check()
        return try await inner.delete(key)
    }

    func touch(_ key: String, timeout: CacheTimeout) async throws -> Bool {
        try await inner.touch(key, timeout: timeout)
    }

    func increment(_ key: String, by delta: Int) async throws -> Int? { try await inner.increment(key, by: delta) }
    func existing(_ keys: [String]) async throws -> Set<String> { try await inner.existing(keys) }
    func close() async {}
}

@Suite struct `Sessions in a cache` {
    private static let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func lifetime(_ age: Int = 100) -> SessionLifetime {
        SessionLifetime(now: Self.now, age: age, end: Self.now.addingTimeInterval(Double(age)))
    }

    private func data(_ json: String) throws -> SessionData { try SessionData(json: Bytes(json)) }

    @Test func `the value in the cache is the dictionary that Django stores`() async throws {
        let cache = MemoryCache()
        let store = CacheSessionStore(cache)
        let stored = try await store.create(try data(#"{"a":[1,2.5,null],"b":"ü"}"#), lifetime())
        #expect(stored.key.utf8.count == 32)
        let value = try await cache.get("django.contrib.sessions.cache" + stored.key)
        #expect(
            value
                == .dictionary([
                    CacheValue.Pair(.string("a"), .list([.int(1), .double(2.5), .null])),
                    CacheValue.Pair(.string("b"), .string("ü")),
                ]))
        #expect(try await store.load(stored.key, at: Self.now)?.data == stored.data)
        #expect(try await store.missing([stored.key, "other123"], at: Self.now) == ["other123"])
        #expect(try await store.clearExpired(at: Self.now) == 0)
        #expect(try await store.load(stored.key, at: Self.now) != nil)
    }

    @Test func `a session that was deleted meanwhile stays deleted`() async throws {
        let store = CacheSessionStore(MemoryCache())
        let stored = try await store.create(try data(#"{"a":1}"#), lifetime())
        try await store.delete(stored.key)
        let saved = try await store.save(
            try data(#"{"a":2}"#), changes: SessionChanges(), over: stored, lifetime())
        #expect(saved == nil)
        #expect(try await store.load(stored.key, at: Self.now) == nil)
    }

    @Test func `a value that is no session counts as none`() async throws {
        let cache = MemoryCache()
        let store = CacheSessionStore(cache)
        let key = String(repeating: "a", count: 32)
        for value in [
            CacheValue.int(1), .list([]), .dictionary([CacheValue.Pair(.string("a"), .bytes("x"))]),
            .dictionary([CacheValue.Pair(.tuple([]), .null)]),
        ] {
            try await cache.set("django.contrib.sessions.cache" + key, value, timeout: .never)
            #expect(try await store.load(key, at: Self.now) == nil)
        }
    }

    /// Runs a site with sessions in the database behind a cache.
    private func withStores(
        _ body: (CachedDatabaseSessionStore, DatabaseSessionStore, FailingCache) async throws -> Void
    ) async throws {
        try await TestSite(NoteSite(), settings: { _ in }) { site in
            let database = DatabaseSessionStore(
                try site.services.get(Database.self), SessionEncoding(site.settings))
            let cache = FailingCache()
            try await body(CachedDatabaseSessionStore(database, cache), database, cache)
        }
    }

    @Test func `a cached session is in both, and is read from the cache`() async throws {
        try await withStores { store, database, cache in
            let stored = try await store.create(try data(#"{"a":1}"#), lifetime())
            let name = "django.contrib.sessions.cached_db" + stored.key
            #expect(try await cache.get(name) != nil)
            #expect(try await database.load(stored.key, at: Self.now)?.data == stored.data)
            try await cache.set(name, .dictionary([CacheValue.Pair(.string("a"), .int(2))]), timeout: .never)
            #expect(try await store.load(stored.key, at: Self.now)?.data.json == #"{"a":2}"#)
            // One that is lost from the cache is read from the database, and is in the cache again.
            try await cache.delete(name)
            #expect(try await store.load(stored.key, at: Self.now)?.data.json == #"{"a":1}"#)
            #expect(try await cache.get(name) != nil)
            try await store.delete(stored.key)
            #expect(try await cache.get(name) == nil)
            #expect(try await database.load(stored.key, at: Self.now) == nil)
        }
    }

    @Test func `changes of a session that was read from the cache are in both`() async throws {
        try await withStores { store, database, cache in
            let created = try await store.create(try data(#"{"a":1}"#), lifetime())
            let cached = try #require(try await store.load(created.key, at: Self.now))
            var changed = cached.data
            changed["b"] = "2"
            var changes = SessionChanges()
            changes.set("b", "2")
            let saved = try await store.save(changed, changes: changes, over: cached, lifetime())
            #expect(saved?.data.json == #"{"a":1,"b":2}"#)
            #expect(try await database.load(created.key, at: Self.now)?.data.json == #"{"a":1,"b":2}"#)
            #expect(try await store.load(created.key, at: Self.now)?.data.json == #"{"a":1,"b":2}"#)
            // A session that was deleted meanwhile stays deleted in both.
            try await database.delete(created.key)
            let late = try await store.save(changed, changes: changes, over: cached, lifetime())
            #expect(late == nil)
            #expect(try await store.load(created.key, at: Self.now) == nil)
        }
    }

    @Test func `without its cache the database is used, and a logout is an error`() async throws {
        try await withStores { store, database, cache in
            let stored = try await store.create(try data(#"{"a":1}"#), lifetime())
            cache.fails.withLock { $0 = true }
            #expect(try await store.load(stored.key, at: Self.now)?.data == stored.data)
            let other = try await store.create(try data(#"{"b":1}"#), lifetime())
            #expect(try await store.load(other.key, at: Self.now)?.data == other.data)
            await #expect(throws: CacheError.self) { try await store.delete(stored.key) }
            #expect(try await database.load(stored.key, at: Self.now) == nil)
        }
    }
}
