import StraitNetwork

/// The queued messages of one channel, or the receivers that wait for a message. Never both. A value, protected by the
/// layer's lock.
struct ChannelQueue {
    /// A waiting receiver.
    struct Receiver {
        let id: UInt64
        let continuation: CheckedContinuation<LayerEvent?, Never>
    }

    private var events: [LayerEvent] = []
    private var head = 0
    private(set) var receivers: [Receiver] = []

    var count: Int { events.count - head }
    var isEmpty: Bool { count == 0 && receivers.isEmpty }

    /// Queues `event`. If a receiver waits, returns that receiver instead, and the caller resumes it with the event.
    mutating func append(_ event: LayerEvent) -> Receiver? {
        if !receivers.isEmpty { return receivers.removeFirst() }
        events.append(event)
        return nil
    }

    mutating func removeFirst() -> LayerEvent? {
        guard head < events.count else { return nil }
        let event = events[head]
        head += 1
        if head == events.count {
            events = []
            head = 0
        } else if head > 64, head > events.count / 2 {
            events.removeFirst(head)
            head = 0
        }
        return event
    }

    /// Removes all queued messages.
    mutating func removeAll() {
        events = []
        head = 0
    }

    /// Drops messages that have expired at `now`, and returns their number.
    mutating func removeExpired(_ now: Instant) -> Int {
        let before = count
        while head < events.count, events[head].expires <= now { _ = removeFirst() }
        return before - count
    }

    mutating func add(_ receiver: Receiver) { receivers.append(receiver) }

    mutating func removeReceiver(_ id: UInt64) -> Receiver? {
        guard let index = receivers.firstIndex(where: { $0.id == id }) else { return nil }
        return receivers.remove(at: index)
    }
}
