package import StraitCore
internal import Synchronization

/// The pauses before a transaction is run again.
package final class TransactionRetry: Sendable {
    private let delay: RetryDelay
    private let clock: any Clock<Duration>
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    package init(
        delay: RetryDelay = RetryDelay(first: .milliseconds(10), longest: .seconds(1)),
        clock: any Clock<Duration> = ContinuousClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.delay = delay
        self.clock = clock
        self.generator = Mutex(generator)
    }

    /// Waits before attempt `number`, counted from 0.
    nonisolated(nonsending) func wait(before number: Int) async throws {
        let pause = generator.withLock { generator in
            var drawn: any RandomNumberGenerator = generator
            return delay.delay(before: number, using: &drawn)
        }
        try await clock.sleep(for: pause)
    }
}
