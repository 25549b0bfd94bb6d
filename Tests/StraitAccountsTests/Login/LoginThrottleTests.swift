import RedisServers
import Strait
import StraitCache
import StraitCore
import StraitTesting
import TestClocks
import Testing

@testable import StraitAccounts

@Suite struct `Limits on failed logins` {
    /// Makes an attempt that fails. Returns the time to wait if it is refused.
    private func fail(_ throttle: LoginThrottle, _ username: String, _ address: String? = nil) async -> Duration? {
        do throws(LoginThrottled) {
            try await throttle.begin(username: username, address: address)
            return nil
        } catch {
            return error.wait
        }
    }

    @Test func `after five failures a user must wait, and each further failure doubles the wait`() async {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<5 { #expect(await fail(throttle, "ann", "a") == nil) }
        var wait = Duration.seconds(1)
        for _ in 0..<8 {
            #expect(await fail(throttle, "ann", "a") == wait)
            #expect(await fail(throttle, "bob \(wait)", "a") == nil)
            clock.advance(by: wait)
            #expect(await fail(throttle, "ann", "a") == nil)
            wait *= 2
        }
        clock.advance(by: wait)
        await throttle.succeeded(username: "ann", address: "a")
        for _ in 0..<5 { #expect(await fail(throttle, "ann", "c") == nil) }
    }

    @Test func `concurrent attempts are counted before their passwords are checked`() async {
        let throttle = LoginThrottle(clock: HandClock())
        var begun = 0
        for _ in 0..<10_000 where await fail(throttle, "ann", "a") == nil { begun += 1 }
        #expect(begun == 5)
    }

    @Test func `an attempt that ends with an error is not counted as a failure`() async throws {
        let throttle = LoginThrottle(clock: HandClock())
        for _ in 0..<100 {
            try await throttle.begin(username: "ann", address: "a")
            await throttle.abandoned(username: "ann", address: "a")
        }
    }

    @Test func `successful logins from a shared address are not counted as failures`() async throws {
        let throttle = LoginThrottle(clock: HandClock())
        for number in 0..<1000 {
            try await throttle.begin(username: "user \(number)", address: "a")
            await throttle.succeeded(username: "user \(number)", address: "a")
        }
    }

    @Test func `of 10,000 guesses from one address or 1,000 addresses, only a few get through`() async {
        for addresses in [1, 1000] {
            let clock = HandClock()
            let throttle = LoginThrottle(clock: clock)
            var tried = 0
            for number in 0..<10_000 {
                clock.advance(by: .milliseconds(10))
                if await fail(throttle, "ann", "address \(number % addresses)") == nil { tried += 1 }
            }
            // 100 seconds: five attempts from one address, or fifty from all, then one each after 1, 2, 4 … seconds.
            #expect(tried == (addresses == 1 ? 11 : 56), "\(addresses)")
        }
    }

    @Test func `an attacker at one address does not keep the user out at another`() async {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<100_000 {
            clock.advance(by: .milliseconds(10))
            _ = await fail(throttle, "ann", "attacker")
        }
        #expect(await fail(throttle, "ann", "attacker") != nil)
        #expect(await fail(throttle, "ann", "home") == nil)
    }

    @Test func `a failure is forgotten after five minutes`() async {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        // Typing errors of an office, and of one user, over a week.
        for number in 0..<2000 {
            clock.advance(by: .seconds(300))
            #expect(await fail(throttle, "user \(number % 20)", "office") == nil)
        }
        for _ in 0..<5 { #expect(await fail(throttle, "ann", "home") == nil) }
        clock.advance(by: .seconds(301))
        #expect(await fail(throttle, "ann", "home") == nil)
        #expect(await fail(throttle, "ann", "home") == .seconds(1))
    }

    @Test func `guesses at many users from one address are slowed down too`() async {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        var tried = 0
        for number in 0..<10_000 {
            clock.advance(by: .milliseconds(10))
            if await fail(throttle, "user \(number)", "a") == nil { tried += 1 }
        }
        #expect(tried == 56)
    }

    @Test func `the number of counts is limited, and the oldest are forgotten`() async {
        var limits = LoginThrottle.Limits()
        limits.entries = 100
        let clock = HandClock()
        let throttle = LoginThrottle(limits, clock: clock)
        for _ in 0..<5 { _ = await fail(throttle, "old") }
        for number in 0..<10_000 {
            clock.advance(by: .microseconds(1))
            _ = await fail(throttle, "user \(number)", "address \(number)")
            if number == 9_990 { for _ in 0..<5 { _ = await fail(throttle, "new") } }
        }
        #expect(await fail(throttle, "old") == nil)
        #expect(await fail(throttle, "new") != nil)
    }

    @Test func `the error text says how long to wait`() {
        #expect(LoginThrottled(wait: .milliseconds(1)).description == "Too many failed logins. Try again in 1 second.")
        #expect(
            LoginThrottled(wait: .milliseconds(1500)).description == "Too many failed logins. Try again in 2 seconds.")
    }
}

/// A cache in memory that two throttles share, as two processes share one in Redis.
@Suite struct `Limits on failed logins across processes` {
    /// Limits with waits that do not end during a test, even on a busy machine.
    private static var slow: LoginThrottle.Limits {
        var limits = LoginThrottle.Limits()
        limits.firstWait = .seconds(600)
        return limits
    }

    private func fail(_ throttle: LoginThrottle, _ username: String, _ address: String? = nil) async -> Duration? {
        do throws(LoginThrottled) {
            try await throttle.begin(username: username, address: address)
            return nil
        } catch {
            return error.wait
        }
    }

    @Test func `failures on all processes are counted together`() async {
        let cache = MemoryCache(clock: HandClock())
        let throttles = [LoginThrottle(cache: cache), LoginThrottle(cache: cache)]
        for index in 0..<5 { #expect(await fail(throttles[index % 2], "ann", "a") == nil) }
        for throttle in throttles {
            let wait = await fail(throttle, "ann", "a")
            #expect(wait.map { $0 > .zero && $0 <= .seconds(1) } == true)
            #expect(await fail(throttle, "bob", "a") == nil)
        }
    }

    @Test func `the wait doubles, and a login ends it`() async {
        let clock = HandClock()
        let cache = MemoryCache(clock: clock)
        let throttles = [LoginThrottle(cache: cache), LoginThrottle(cache: cache)]
        for _ in 0..<5 { #expect(await fail(throttles[0], "ann") == nil) }
        for seconds in [1, 2, 4, 8, 16] {
            #expect(await fail(throttles[0], "ann") != nil)
            clock.advance(by: .seconds(seconds) - .milliseconds(1))
            #expect(await fail(throttles[1], "ann") != nil)
            clock.advance(by: .milliseconds(1))
            #expect(await fail(throttles[1], "ann") == nil)
        }
        #expect(await fail(throttles[0], "ann") != nil)
        await throttles[1].succeeded(username: "ann", address: nil)
        for _ in 0..<5 { #expect(await fail(throttles[0], "ann") == nil) }
    }

    @Test func `of concurrent attempts on several processes, only a few pass`() async {
        let cache = MemoryCache(clock: HandClock())
        let throttles = (0..<4).map { _ in LoginThrottle(cache: cache) }
        let passed = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<400 { group.addTask { await fail(throttles[index % 4], "ann", "a") == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 5)
    }

    @Test func `an attempt that ends with an error is not counted, and neither is a login`() async throws {
        let throttle = LoginThrottle(cache: MemoryCache(clock: HandClock()))
        for number in 0..<100 {
            try await throttle.begin(username: "ann", address: "a")
            await throttle.abandoned(username: "ann", address: "a")
            try await throttle.begin(username: "user \(number)", address: "a")
            await throttle.succeeded(username: "user \(number)", address: "a")
        }
    }

    @Test func `the counts of several processes are in Redis`() async throws {
        let server = try await RedisServer.shared
        let prefix = "throttle\(UInt64.random(in: 0 ... .max))"
        let configuration = RedisCacheConfiguration(host: try RedisHost(server.url), keyPrefix: prefix)
        let throttles = (0..<4).map { _ in LoginThrottle(Self.slow, cache: RedisCache(configuration)) }
        let passed = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 { group.addTask { await fail(throttles[index % 4], "ann", "1") == nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 5)
        await throttles[0].succeeded(username: "ann", address: "1")
        #expect(await fail(throttles[3], "ann", "1") == nil)
    }

    @Test func `a throttle finds the site's cache if processes share it`() async throws {
        let configuration = RedisCacheConfiguration(
            host: try RedisHost(try await RedisServer.shared.url),
            keyPrefix: "throttle\(UInt64.random(in: 0 ... .max))")
        let caches: [any Cache] = [RedisCache(configuration), RedisCache(configuration)]
        var throttles: [LoginThrottle] = []
        for cache in caches {
            let throttle = LoginThrottle(Self.slow)
            try await throttle.start(in: Services([Caches(["default": cache])]))
            throttles.append(throttle)
        }
        for index in 0..<5 { #expect(await fail(throttles[index % 2], "ann") == nil) }
        #expect(await fail(throttles[0], "ann") != nil)
        // A cache in memory belongs to one process.
        let alone = LoginThrottle(clock: HandClock())
        try await alone.start(in: Services([Caches()]))
        for _ in 0..<5 { #expect(await fail(alone, "ann") == nil) }
        #expect(await fail(alone, "ann") == .seconds(1))
    }

    @Test func `while the cache cannot be used, each process counts alone`() async {
        let cache = RedisCache(
            RedisCacheConfiguration(host: .server(RedisAddress(.unix(path: "/tmp/strait-no-such-socket")))))
        await cache.close()
        let throttle = LoginThrottle(Self.slow, cache: cache)
        for _ in 0..<5 { #expect(await fail(throttle, "ann") == nil) }
        #expect(await fail(throttle, "ann") != nil)
    }

    @Test(arguments: [Int.min, -1, 0, Int.max]) func `any number in the cache is read`(_ number: Int) async throws {
        let cache = MemoryCache(clock: HandClock())
        let throttle = LoginThrottle(cache: cache)
        let limits = LoginThrottle.Limits()
        for subject in LoginSubject.all("ann", "a", limits) {
            try await cache.set(subject.key, .int(number), timeout: .seconds(100))
            try await cache.set(subject.key + ".gate", .int(number), timeout: .seconds(100))
        }
        #expect(await fail(throttle, "ann", "a") != nil)
        for subject in LoginSubject.all("ann", "a", limits) { try await cache.delete(subject.key + ".gate") }
        _ = await fail(throttle, "ann", "a")
        await throttle.abandoned(username: "ann", address: "a")
    }
}
