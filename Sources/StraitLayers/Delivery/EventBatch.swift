package import StraitNetwork

/// Events of one group that reached an event loop together. The data derived from them is computed once and shared by
/// all members. Confined to its event loop.
package final class EventBatch {
    package let events: [LayerEvent]
    /// The first event's number within its group. The other events have the following numbers.
    let first: UInt64
    /// Whether an event excludes its sender.
    let hasSender: Bool
    /// The approximate size of the largest event in bytes.
    package let largest: Int
    private var bytes: Bytes?
    private var singles: [EventBatch] = []

    /// The size in bytes at which a batch takes no further events.
    static let limit = 64 << 10

    /// Creates a batch of one event that was queued individually.
    package convenience init(_ event: LayerEvent) { self.init([event], first: 0) }

    init(_ events: [LayerEvent], first: UInt64) {
        self.events = events
        self.first = first
        largest = events.reduce(0) { max($0, $1.cost) }
        hasSender = events.contains { $0.sender != nil }
    }

    var last: UInt64 { first + UInt64(events.count - 1) }

    /// Returns the result of `make` for all events. It is computed once and shared by all sockets that forward the
    /// events.
    package func joined(_ make: ([LayerEvent]) -> Bytes) -> Bytes {
        if let bytes { return bytes }
        let bytes = make(events)
        self.bytes = bytes
        return bytes
    }

    /// One batch per event, for members that do not receive all of the events.
    var each: [EventBatch] {
        if events.count == 1 { return [self] }
        if singles.isEmpty {
            singles = events.enumerated().map { EventBatch([$1], first: first + UInt64($0)) }
        }
        return singles
    }
}
