import StraitAccounts
import StraitTesting
import Synchronization
import Testing

/// A clock that a test moves.
private final class HandClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let offset = Mutex(Duration.zero)
    var now: Instant { Instant(offset: offset.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
    func advance(_ duration: Duration) { offset.withLock { $0 += duration } }
}

@Suite struct `Limits on failed logins` {
    @Test func `after five failures a user has to wait, twice as long each time`() {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<4 { throttle.failed(username: "ann", address: "a") }
        #expect(throttle.wait(username: "ann", address: "a") == nil)
        var wait = Duration.seconds(1)
        for _ in 0..<8 {
            throttle.failed(username: "ann", address: "a")
            #expect(throttle.wait(username: "ann", address: "b") == wait)
            #expect(throttle.wait(username: "bob", address: "a") == nil)
            clock.advance(wait)
            #expect(throttle.wait(username: "ann", address: "a") == nil)
            wait *= 2
        }
        throttle.succeeded(username: "ann")
        for _ in 0..<4 { throttle.failed(username: "ann", address: "a") }
        #expect(throttle.wait(username: "ann", address: "a") == nil)
    }

    @Test func `10,000 guesses from one address and from 1,000 addresses let through only a few`() {
        for addresses in [1, 1000] {
            let clock = HandClock()
            let throttle = LoginThrottle(clock: clock)
            var tried = 0
            for number in 0..<10_000 {
                let address = "address \(number % addresses)"
                clock.advance(.milliseconds(10))
                if throttle.wait(username: "ann", address: address) != nil { continue }
                tried += 1
                throttle.failed(username: "ann", address: address)
            }
            // 100 seconds: five at once, and then after 1, 2, 4 … seconds.
            #expect(tried == 11, "\(addresses)")
        }
    }

    @Test func `guesses at many users from one address are slowed down too`() {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        var tried = 0
        for number in 0..<10_000 {
            clock.advance(.milliseconds(10))
            if throttle.wait(username: "user \(number)", address: "a") != nil { continue }
            tried += 1
            throttle.failed(username: "user \(number)", address: "a")
        }
        #expect(tried == 56)
    }

    @Test func `the number of counts is limited`() {
        var limits = LoginThrottle.Limits()
        limits.entries = 100
        let clock = HandClock()
        let throttle = LoginThrottle(limits, clock: clock)
        for _ in 0..<6 { throttle.failed(username: "victim", address: nil) }
        for number in 0..<10_000 {
            clock.advance(.microseconds(1))
            throttle.failed(username: "user \(number)", address: "address \(number)")
        }
        // The oldest are forgotten, the newest are not.
        for _ in 0..<6 { throttle.failed(username: "victim", address: nil) }
        #expect(throttle.wait(username: "victim", address: nil) != nil)
    }

    @Test func `the text says how long to wait`() {
        #expect(LoginThrottled(wait: .milliseconds(1)).description == "Too many failed logins. Try again in 1 second.")
        #expect(
            LoginThrottled(wait: .milliseconds(1500)).description == "Too many failed logins. Try again in 2 seconds.")
    }
}
