import StraitLayers
import StraitNetwork

/// The events that this process has sent and is going to hear itself: when they come back, nothing needs to be decoded,
/// and whom they are not for is still known. What does not come back, because it was lost, is forgotten after a while.
struct ExpectedEvents<Key: Hashable> {
    struct Expected {
        let event: LayerEvent
        /// The channels that it is for, if what comes back is that long.
        let destinations: [String]
        let length: Int
        /// Which one it is of all that were expected.
        fileprivate let number: Int
    }

    private var expected: [Key: [Expected]] = [:]
    /// In the order in which they are forgotten, taken from the front up to `head`.
    private var deadlines: [(key: Key, number: Int, deadline: Instant)] = []
    private var head = 0
    private var last = 0

    /// How long is waited for one.
    static var patience: Duration { .seconds(60) }

    var count: Int { expected.count }

    mutating func expect(_ key: Key, _ event: LayerEvent, destinations: [String] = [], length: Int, now: Instant) {
        while head < deadlines.count, deadlines[head].deadline <= now {
            // It may have come long ago, and others of its key be under way.
            let (key, number, _) = deadlines[head]
            if expected[key]?.first?.number == number { _ = take(key) }
            head += 1
        }
        if head > 1024, head > deadlines.count / 2 {
            deadlines.removeFirst(head)
            head = 0
        }
        last += 1
        expected[key, default: []].append(
            Expected(event: event, destinations: destinations, length: length, number: last))
        deadlines.append((key, last, now.advanced(by: Self.patience)))
    }

    /// The event of `key` that was expected first, which is not expected any more.
    mutating func take(_ key: Key) -> Expected? {
        guard var row = expected[key] else { return nil }
        let first = row.removeFirst()
        expected[key] = row.isEmpty ? nil : row
        return first
    }
}
