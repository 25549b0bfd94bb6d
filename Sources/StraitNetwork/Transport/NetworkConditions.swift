internal import Synchronization

/// How an in-memory network behaves, drawn from a seed so that a failing run can be repeated.
package final class NetworkConditions: Sendable {
    /// The bytes that one direction of a connection holds before its writer waits.
    package let capacity: Int
    /// The most bytes that one write takes; smaller numbers cut frames into pieces.
    package let largestWrite: Int
    /// How long bytes are under way; the same for all, so that none overtakes.
    package let longestDelay: Duration
    private let generator: Mutex<SeededGenerator>

    package init(
        seed: UInt64 = 0, capacity: Int = 64 << 10, largestWrite: Int = .max, longestDelay: Duration = .zero
    ) {
        self.capacity = capacity
        self.largestWrite = largestWrite
        self.longestDelay = longestDelay
        generator = Mutex(SeededGenerator(seed: seed))
    }

    func nextWriteSize() -> Int {
        largestWrite == .max ? .max : generator.withLock { Int.random(in: 1...largestWrite, using: &$0) }
    }

    func nextDelay() -> Duration {
        // One delay for all: drawing one for each piece would let a later piece arrive first.
        longestDelay
    }
}
