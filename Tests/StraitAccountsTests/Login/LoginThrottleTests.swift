import StraitAccounts
import StraitCore
import StraitTesting
import TestClocks
import Testing

@Suite struct `Limits on failed logins` {
    /// Makes an attempt that fails. Returns the time to wait if it is refused.
    private func fail(_ throttle: LoginThrottle, _ username: String, _ address: String? = nil) -> Duration? {
        do throws(LoginThrottled) {
            try throttle.begin(username: username, address: address)
            return nil
        } catch {
            return error.wait
        }
    }

    @Test func `after five failures a user must wait, and each further failure doubles the wait`() {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        for _ in 0..<5 { #expect(fail(throttle, "ann", "a") == nil) }
        var wait = Duration.seconds(1)
        for _ in 0..<8 {
            #expect(fail(throttle, "ann", "b") == wait)
            #expect(fail(throttle, "bob \(wait)", "a") == nil)
            clock.advance(by: wait)
            #expect(fail(throttle, "ann", "a") == nil)
            wait *= 2
        }
        clock.advance(by: wait)
        throttle.succeeded(username: "ann", address: "a")
        for _ in 0..<5 { #expect(fail(throttle, "ann", "c") == nil) }
    }

    @Test func `concurrent attempts are counted before their passwords are checked`() {
        let throttle = LoginThrottle(clock: HandClock())
        let begun = (0..<10_000).count { _ in fail(throttle, "ann", "a") == nil }
        #expect(begun == 5)
    }

    @Test func `an attempt that ends with an error is not counted as a failure`() throws {
        let throttle = LoginThrottle(clock: HandClock())
        for _ in 0..<100 {
            try throttle.begin(username: "ann", address: "a")
            throttle.abandoned(username: "ann", address: "a")
        }
    }

    @Test func `successful logins from a shared address are not counted as failures`() throws {
        let throttle = LoginThrottle(clock: HandClock())
        for number in 0..<1000 {
            try throttle.begin(username: "user \(number)", address: "a")
            throttle.succeeded(username: "user \(number)", address: "a")
        }
    }

    @Test func `of 10,000 guesses from one address or 1,000 addresses only a few get through`() {
        for addresses in [1, 1000] {
            let clock = HandClock()
            let throttle = LoginThrottle(clock: clock)
            var tried = 0
            for number in 0..<10_000 {
                clock.advance(by: .milliseconds(10))
                if fail(throttle, "ann", "address \(number % addresses)") == nil { tried += 1 }
            }
            // 100 seconds: five attempts at once, then one each after 1, 2, 4 … seconds.
            #expect(tried == 11, "\(addresses)")
        }
    }

    @Test func `guesses at many users from one address are slowed down too`() {
        let clock = HandClock()
        let throttle = LoginThrottle(clock: clock)
        var tried = 0
        for number in 0..<10_000 {
            clock.advance(by: .milliseconds(10))
            if fail(throttle, "user \(number)", "a") == nil { tried += 1 }
        }
        #expect(tried == 56)
    }

    @Test func `the number of counts is limited, and the oldest are forgotten`() {
        var limits = LoginThrottle.Limits()
        limits.entries = 100
        let clock = HandClock()
        let throttle = LoginThrottle(limits, clock: clock)
        for _ in 0..<5 { _ = fail(throttle, "old") }
        for number in 0..<10_000 {
            clock.advance(by: .microseconds(1))
            _ = fail(throttle, "user \(number)", "address \(number)")
            if number == 9_990 { for _ in 0..<5 { _ = fail(throttle, "new") } }
        }
        #expect(fail(throttle, "old") == nil)
        #expect(fail(throttle, "new") != nil)
    }

    @Test func `the error text says how long to wait`() {
        #expect(LoginThrottled(wait: .milliseconds(1)).description == "Too many failed logins. Try again in 1 second.")
        #expect(
            LoginThrottled(wait: .milliseconds(1500)).description == "Too many failed logins. Try again in 2 seconds.")
    }
}
