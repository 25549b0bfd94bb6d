import StraitCore
import StraitLayers
import Synchronization

/// The events that this process has sent and will receive itself.
///
/// A received copy needs no decoding. The stored event also knows its exclusions, which the payload does not contain.
/// Events that do not come back are dropped after ``lifetime``.
struct ExpectedEvents<Key: Hashable> {
    struct Expected {
        let event: LayerEvent
        /// The destination channels, valid if the received payload has `length` bytes.
        let destinations: [String]
        let length: Int
        /// The sequence number.
        fileprivate let number: Int
    }

    private var expected: [Key: [Expected]] = [:]
    /// Deadlines in ascending order, consumed up to `head`.
    private var deadlines: [(key: Key, number: Int, deadline: Instant)] = []
    private var head = 0
    private var last = 0

    /// The time after which an event that has not come back is dropped.
    static var lifetime: Duration { .seconds(60) }

    var count: Int { expected.count }

    mutating func expect(_ key: Key, _ event: LayerEvent, destinations: [String] = [], length: Int, now: Instant) {
        while head < deadlines.count, deadlines[head].deadline <= now {
            // The event may have arrived before, and later events with its key may still be expected.
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
        deadlines.append((key, last, now.advanced(by: Self.lifetime)))
    }

    /// Removes and returns the oldest expected event of `key`.
    mutating func take(_ key: Key) -> Expected? {
        guard var row = expected[key] else { return nil }
        let first = row.removeFirst()
        expected[key] = row.isEmpty ? nil : row
        return first
    }
}

/// The groups that this process is a member of in Redis. Thread-safe, because each join checks it.
final class EstablishedGroups: Sendable {
    private let names = Mutex<Set<String>>([])
    /// Whether the process is subscribed to the channels of its sockets. Used by the publish/subscribe layer only.
    let hearsChannels = Atomic<Bool>(false)

    func contains(_ group: String) -> Bool { names.withLock { $0.contains(group) } }
    func insert(_ group: String) { names.withLock { _ = $0.insert(group) } }
    func remove(_ group: String) { names.withLock { _ = $0.remove(group) } }
}
