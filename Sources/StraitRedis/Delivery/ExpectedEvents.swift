import StraitCore
import StraitLayers

/// The events that this process has sent and will receive itself.
///
/// A received copy needs no decoding. The stored event also knows its exclusions, which the payload does not contain.
/// Events that do not come back are dropped after ``lifetime``.
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
        /// Nil after it was taken.
        var expected: Expected?
        /// The number of the next entry with the same key.
        var next: Int?
    }

    /// The entries in the order in which they were sent, which is also that of their deadlines.
    private var entries = Ring<Entry>()
    /// The number of the entry at the front. Later entries have the following numbers.
    private var base = 0
    /// The first and the last entry of each key that have not been taken.
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
        // Entries behind one that has not come back yet stay until its deadline.
        while let first = entries.first, first.expected == nil {
            _ = entries.removeFirst()
            base += 1
        }
        if entries.isEmpty { entries.removeAll(keepingCapacity: 1024) }
        return expected
    }
}
