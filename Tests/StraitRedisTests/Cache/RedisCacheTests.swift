import RedisServers
import StraitCache
import StraitCore
import Testing

@testable import StraitRedis

@Suite struct `Cache in Redis` {
    /// Creates a cache with its own keys on the shared server.
    private func place(
        _ serializer: CacheSerializer = .pickle
    ) async throws -> (cache: RedisCache, redis: RedisProbe, name: String) {
        let server = try await SharedRedis.start()
        let prefix = SharedRedis.prefix()
        let configuration = RedisCacheConfiguration(
            host: try RedisHost(server.url), keyPrefix: prefix, version: 7, serializer: serializer)
        return (RedisCache(configuration), RedisProbe(server), "\(prefix):7:")
    }

    @Test(arguments: [CacheSerializer.pickle, .json])
    func `values are kept, replaced and deleted`(_ serializer: CacheSerializer) async throws {
        let (cache, _, _) = try await place(serializer)
        #expect(try await cache.get("a") == nil)
        #expect(try await !cache.replace("a", .int(1), timeout: .standard))
        #expect(try await cache.get("a") == nil)
        #expect(try await cache.add("a", .int(1), timeout: .standard))
        #expect(try await !cache.add("a", .int(2), timeout: .standard))
        #expect(try await cache.replace("a", .list([.string("ü"), .double(2.5)]), timeout: .standard))
        #expect(try await cache.get("a") == .list([.string("ü"), .double(2.5)]))
        try await cache.set("b", .null, timeout: .never)
        #expect(try await cache.get("b") == .null)
        #expect(try await cache.existing(["a", "b", "c"]) == ["a", "b"])
        #expect(try await cache.delete("a"))
        #expect(try await !cache.delete("a"))
    }

    @Test func `keys and timeouts are Django's`() async throws {
        let (cache, redis, name) = try await place()
        try await cache.set("standard", .int(5), timeout: .standard)
        try await cache.set("short", .int(1), timeout: .seconds(900))
        try await cache.set("never", .int(1), timeout: .never)
        try await cache.set("zero", .int(1), timeout: .seconds(0))
        #expect(try await cache.add("none", .int(1), timeout: .seconds(0)))
        #expect(try await redis("GET", .string(name + "standard")).string == "5")
        let lives = try await ["standard", "short", "never", "zero", "none"].asyncMap {
            try await redis("TTL", .string(name + $0)).integer ?? 0
        }
        #expect((1...300).contains(lives[0]) && (301...900).contains(lives[1]) && lives[2...] == [-1, -2, -2])
        #expect(try await cache.touch("short", timeout: .seconds(5000)))
        #expect(try await cache.touch("standard", timeout: .never))
        #expect(try await !cache.touch("zero", timeout: .never))
        let later = try await ["standard", "short"].asyncMap { try await redis("TTL", .string(name + $0)).integer ?? 0 }
        #expect(later[0] == -1 && later[1] > 3000)
    }

    @Test func `increments from several processes are counted`() async throws {
        let (cache, _, _) = try await place()
        let other = RedisCache(cache.configuration)
        #expect(try await cache.increment("n", by: 1) == nil)
        try await cache.set("n", .int(0), timeout: .standard)
        try await withThrowingTaskGroup { group in
            for index in 0..<100 {
                group.addTask { _ = try await (index % 2 == 0 ? cache : other).increment("n", by: 1) }
            }
            try await group.waitForAll()
        }
        #expect(try await other.get("n") == .int(100))
        try await cache.set("text", .string("x"), timeout: .standard)
        let error = await #expect(throws: CacheError.self) { try await cache.increment("text", by: 1) }
        #expect(error?.code == .noInteger)
    }

    @Test func `another program's value that is not a plain value is an error`() async throws {
        let (cache, redis, name) = try await place()
        _ = try await redis("SET", .string(name + "bad"), "cos\nsystem\n(S'id'\ntR.")
        await #expect(throws: CacheValueError.self) { try await cache.get("bad") }
    }

    @Test func `a server that cannot be reached is an error that says so`() async throws {
        let host = try RedisHost("unix:///tmp/strait-no-such-socket")
        let cache = RedisCache(RedisCacheConfiguration(host: host))
        let error = await #expect(throws: CacheError.self) { try await cache.get("a") }
        #expect(error?.code == .unavailable)
        #expect(error?.description.hasPrefix("The cache in Redis cannot be used. ") == true)
        await cache.close()
        await #expect(throws: CacheError.self) { try await cache.get("a") }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
