import StraitCache
import StraitCore
import TestClocks
import Testing

@Suite struct `Cache in memory` {
    @Test func `values are kept, replaced and deleted`() async throws {
        let cache = MemoryCache()
        #expect(try await cache.get("a") == nil)
        #expect(try await !cache.replace("a", .int(1), timeout: .standard))
        #expect(try await cache.add("a", .int(1), timeout: .standard))
        #expect(try await !cache.add("a", .int(2), timeout: .standard))
        #expect(try await cache.replace("a", .string("x"), timeout: .standard))
        #expect(try await cache.get("a") == .string("x"))
        try await cache.set("b", .null, timeout: .never)
        #expect(try await cache.get("b") == .null)
        #expect(try await cache.existing(["a", "b", "c"]) == ["a", "b"])
        #expect(try await cache.delete("a"))
        #expect(try await !cache.delete("a"))
    }

    @Test func `a value is gone after its timeout`() async throws {
        let clock = HandClock()
        let cache = MemoryCache(timeout: .seconds(10), clock: clock)
        try await cache.set("standard", .int(1), timeout: .standard)
        try await cache.set("short", .int(1), timeout: .seconds(5))
        try await cache.set("never", .int(1), timeout: .never)
        try await cache.set("zero", .int(1), timeout: .seconds(0))
        try await cache.set("negative", .int(1), timeout: .seconds(-5))
        let all = ["standard", "short", "never", "zero", "negative"]
        #expect(try await cache.existing(all) == ["standard", "short", "never"])
        clock.advance(by: .seconds(5))
        #expect(try await cache.existing(all) == ["standard", "never"])
        #expect(try await cache.touch("standard", timeout: .seconds(100)))
        #expect(try await !cache.touch("short", timeout: .seconds(100)))
        clock.advance(by: .seconds(99))
        #expect(try await cache.existing(all) == ["standard", "never"])
        clock.advance(by: .seconds(1))
        #expect(try await cache.existing(all) == ["never"])
    }

    @Test func `an increment keeps the timeout, and needs an integer`() async throws {
        let clock = HandClock()
        let cache = MemoryCache(clock: clock)
        #expect(try await cache.increment("n", by: 1) == nil)
        try await cache.set("n", .int(5), timeout: .seconds(10))
        #expect(try await cache.increment("n", by: 2) == 7)
        #expect(try await cache.increment("n", by: -10) == -3)
        clock.advance(by: .seconds(10))
        #expect(try await cache.get("n") == nil)
        try await cache.set("text", .string("x"), timeout: .never)
        try await cache.set("large", .int(.max), timeout: .never)
        for key in ["text", "large"] {
            let error = await #expect(throws: CacheError.self) { try await cache.increment(key, by: 1) }
            #expect(error?.code == .noInteger)
        }
    }

    @Test func `a full cache drops the least recently used values`() async throws {
        let cache = MemoryCache(maximumBytes: 1 << 20)
        let text = CacheValue.string(String(repeating: "x", count: 1000))
        try await cache.set("used", text, timeout: .never)
        for number in 0..<5000 {
            try await cache.set("\(number)", text, timeout: .never)
            _ = try await cache.get("used")
        }
        let kept = try await cache.existing((0..<5000).map(String.init))
        #expect(kept.count < 1000 && kept.count > 500)
        #expect(kept.contains("4999") && !kept.contains("0"))
        #expect(try await cache.get("used") == text)
        try await cache.set("huge", .string(String(repeating: "x", count: 2 << 20)), timeout: .never)
        #expect(try await cache.get("huge") == nil)
        let few = MemoryCache(maximumEntries: 8)
        for number in 0..<20 { try await few.set("\(number)", .null, timeout: .never) }
        #expect(try await few.existing((0..<20).map(String.init)).count <= 8)
    }

    @Test func `an unknown cache is an error that names the others`() {
        let caches = Caches(["default": MemoryCache(), "sessions": MemoryCache()])
        let error = #expect(throws: CacheError.self) { _ = try caches.cache("other") }
        #expect(
            error?.description == "There is no cache 'other'. Add it to CACHES, or use one of: default, sessions.")
    }
}
