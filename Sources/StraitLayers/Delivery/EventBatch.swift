package import StraitNetwork

/// The events of one group that reached a loop together. What is made of them for their members is made once. Loop-bound.
package final class EventBatch {
    package let events: [LayerEvent]
    /// The number that the first of them has in its group; the others follow.
    let first: UInt64
    /// Whether one of them is not for everybody.
    let hasSender: Bool
    /// About the size of the largest of them.
    package let largest: Int
    private var bytes: Bytes?
    private var singles: [EventBatch] = []

    /// The most bytes of events that are delivered in one piece.
    static let limit = 64 << 10

    /// One event, which waited by itself.
    package convenience init(_ event: LayerEvent) { self.init([event], first: 0) }

    init(_ events: [LayerEvent], first: UInt64) {
        self.events = events
        self.first = first
        largest = events.reduce(0) { max($0, $1.cost) }
        hasSender = events.contains { $0.sender != nil }
    }

    var last: UInt64 { first + UInt64(events.count - 1) }

    /// What `make` made of all of the events for the sockets that they are passed on to.
    package func joined(_ make: ([LayerEvent]) -> Bytes) -> Bytes {
        if let bytes { return bytes }
        let bytes = make(events)
        self.bytes = bytes
        return bytes
    }

    /// Each event as a batch of its own, for the members that not all of them are for.
    var each: [EventBatch] {
        if events.count == 1 { return [self] }
        if singles.isEmpty {
            singles = events.enumerated().map { EventBatch([$1], first: first + UInt64($0)) }
        }
        return singles
    }
}
