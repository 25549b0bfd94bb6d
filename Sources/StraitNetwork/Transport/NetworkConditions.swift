internal import Synchronization

/// The simulated behavior of one in-memory connection. It is drawn from a seed, so that a failing run can be repeated.
package final class NetworkConditions: Sendable {
    /// A way to lose a connection.
    package enum Loss: Sendable, Hashable {
        /// Both ends see a reset.
        case reset
        /// Nothing arrives any more and neither end is notified, as if a cable were pulled.
        case silence
    }

    /// The number of bytes in transit in one direction at which the writer has to wait.
    package let capacity: Int
    /// The most bytes that one write accepts. Small values split frames into pieces.
    package let largestWrite: Int
    /// The minimum delay of bytes in transit.
    package let delay: Duration
    /// The maximum random delay in addition. Bytes still arrive in order.
    package let jitter: Duration
    private let loss: Loss
    private let state: Mutex<State>

    private struct State: Sendable {
        var generator: SeededGenerator
        /// The number of bytes, in both directions together, before the connection is lost; nil for no loss.
        var left: Int?
    }

    /// Creates conditions for one connection.
    ///
    /// - Parameter lossAfter: The number of bytes, in both directions together, after which the connection is lost; nil
    ///   for no loss.
    package init(
        seed: UInt64 = 0, capacity: Int = 64 << 10, largestWrite: Int = .max, delay: Duration = .zero,
        jitter: Duration = .zero, lossAfter: Int? = nil, loss: Loss = .reset
    ) {
        self.capacity = capacity
        self.largestWrite = largestWrite
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        state = Mutex(State(generator: SeededGenerator(seed: seed), left: lossAfter))
    }

    func nextWriteSize() -> Int {
        largestWrite == .max ? .max : state.withLock { Int.random(in: 1...largestWrite, using: &$0.generator) }
    }

    func nextDelay() -> Duration {
        if jitter == .zero { return delay }
        let nanoseconds = state.withLock { Int64.random(in: 0...jitter.nanoseconds, using: &$0.generator) }
        return delay + .nanoseconds(nanoseconds)
    }

    /// Returns the number of `count` bytes that still arrive, and the kind of loss if the connection is lost after
    /// them.
    func passes(_ count: Int) -> (count: Int, loss: Loss?) {
        state.withLock { state in
            guard let left = state.left else { return (count, nil) }
            let passed = min(left, count)
            state.left = left - passed
            return (passed, passed < count ? loss : nil)
        }
    }

    /// Whether the connection is lost silently: nothing arrives, and neither end is notified.
    var isSilent: Bool { loss == .silence && state.withLock { $0.left == 0 } }
}
