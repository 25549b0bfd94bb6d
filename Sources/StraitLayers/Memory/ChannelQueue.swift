import StraitNetwork

/// The messages that wait in one channel, and who waits for messages there; never both. A value behind the layer's
/// lock.
struct ChannelQueue {
    /// A receiver that waits.
    struct Receiver {
        let id: UInt64
        let continuation: CheckedContinuation<LayerEvent?, Never>
    }

    private var events: [LayerEvent] = []
    private var head = 0
    private(set) var receivers: [Receiver] = []

    var count: Int { events.count - head }
    var isEmpty: Bool { count == 0 && receivers.isEmpty }

    /// Adds `event`; what a receiver has to be resumed with is returned instead where one waits.
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

    /// Forgets the messages that wait.
    mutating func removeAll() {
        events = []
        head = 0
    }

    /// Drops what is too old at `now`, and says how many messages that were.
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
