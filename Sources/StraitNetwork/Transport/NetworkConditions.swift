internal import Synchronization

/// How one in-memory connection behaves, drawn from a seed so that a failing run can be repeated.
package final class NetworkConditions: Sendable {
    /// How a connection is lost.
    package enum Loss: Sendable, Hashable {
        /// Both ends see a reset.
        case reset
        /// Nothing arrives any more, and nobody is told: a cable was pulled.
        case silence
    }

    /// The bytes that one direction of a connection holds before its writer waits.
    package let capacity: Int
    /// The most bytes that one write takes; smaller numbers cut frames into pieces.
    package let largestWrite: Int
    /// How long bytes are under way at least.
    package let delay: Duration
    /// By how much longer they may be; none overtakes another.
    package let jitter: Duration
    private let loss: Loss
    private let state: Mutex<State>

    private struct State: Sendable {
        var generator: SeededGenerator
        /// How many more bytes travel, both directions taken together, before the connection is lost; nil for no loss.
        var left: Int?
    }

    /// - Parameter lossAfter: After how many bytes, both directions taken together, the connection is lost; nil for never.
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

    /// How many of `count` bytes still travel, and how the connection is lost behind them where it is.
    func passes(_ count: Int) -> (count: Int, loss: Loss?) {
        state.withLock { state in
            guard let left = state.left else { return (count, nil) }
            let passed = min(left, count)
            state.left = left - passed
            return (passed, passed < count ? loss : nil)
        }
    }

    /// Whether nothing arrives any more, and nobody is told.
    var isSilent: Bool { loss == .silence && state.withLock { $0.left == 0 } }
}
