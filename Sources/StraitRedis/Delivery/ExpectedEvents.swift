import StraitCore
import StraitLayers

/// The events that this process has sent and expects to receive back.
///
/// The stored event saves decoding the received payload. It also has the exclusions, which the payload does not
/// contain. Events that do not come back are dropped after ``lifetime``.
struct ExpectedEvents<Key: Hashable>: ~Copyable {
    struct Expected {
        let event: LayerEvent
        /// The destination channels, valid if the received payload has `length` bytes.
        let destinations: [String]
        let length: Int
    }

    private struct Entry {
        let key: Key
        let deadline: Instant
        /// The event; nil after it was taken.
        var expected: Expected?
        /// The number of the next entry with the same key, or nil if there is none.
        var next: Int?
    }

    /// The entries in the order of sending, which is also the order of their deadlines.
    private var entries = Ring<Entry>()
    /// The number of the first entry. Numbers are consecutive.
    private var base = 0
    /// For each key, the numbers of the first and the last entry that have not been taken.
    private var rows: [Key: (first: Int, last: Int)] = [:]

    /// The time after which an event that has not come back is dropped.
    static var lifetime: Duration { .seconds(60) }

    /// The number of keys with expected events.
    var count: Int { rows.count }

    mutating func expect(_ key: Key, _ event: LayerEvent, destinations: [String] = [], length: Int, now: Instant) {
        while let first = entries.first, first.deadline <= now { _ = take(first.key) }
        let number = base + entries.count
        if let last = rows[key]?.last { entries[last - base].next = number }
        rows[key, default: (number, number)].last = number
        entries.append(
            Entry(
                key: key, deadline: now.advanced(by: Self.lifetime),
                expected: Expected(event: event, destinations: destinations, length: length)))
    }

    /// Removes and returns the oldest expected event of `key`.
    mutating func take(_ key: Key) -> Expected? {
        guard let row = rows[key] else { return nil }
        let expected = entries[row.first - base].expected
        entries[row.first - base].expected = nil
        rows[key] = entries[row.first - base].next.map { ($0, row.last) }
        // A taken entry stays while an earlier event is still expected, at most until that event's deadline.
        while let first = entries.first, first.expected == nil {
            _ = entries.removeFirst()
            base += 1
        }
        if entries.isEmpty { entries.removeAll(keepingCapacity: 1024) }
        return expected
    }
}
