import StraitLayers

/// The events that wait for a consumer, in order, with a limit in bytes and what their groups want done at the limit.
/// A budget of its own: what groups say neither fills a consumer's mailbox nor is held up by it.
struct EventQueue {
    enum Origin {
        case group(Membership)
        case channel(LocalChannel)
    }

    struct Entry {
        var event: LayerEvent
        let origin: Origin
        /// How many messages of the peer's had arrived before it: those are handled first.
        let position: UInt64
    }

    /// What became of an event, and how many were dropped for it, itself included.
    enum Outcome: Equatable {
        case queued(dropped: Int)
        /// The member is to be disconnected.
        case tooSlow
    }

    /// One that must be replaced where it waits.
    private struct LatestKey: Hashable {
        let group: ObjectIdentifier
        let value: LayerValue
    }

    private let limit: Int
    // Dropped out of turn leaves nil behind. Taken from the front up to `head`.
    private var entries: [Entry?] = []
    private var head = 0
    /// How many were taken since the start, so that a place has one number as long as it waits.
    private var taken = 0
    private var latest: [LatestKey: Int] = [:]
    private(set) var count = 0
    private(set) var bytes = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { count == 0 }

    /// The one that is next.
    var first: Entry? {
        mutating get {
            skip()
            return head < entries.count ? entries[head] : nil
        }
    }

    // MARK: Adding

    mutating func append(_ event: LayerEvent, _ membership: Membership, position: UInt64) -> Outcome {
        var key: LatestKey?
        if case .keepLatest(let name) = membership.policy, let value = event.message[name] {
            let found = LatestKey(group: ObjectIdentifier(membership), value: value)
            if let place = latest[found] {
                replace(place, with: event)
                return .queued(dropped: 1)
            }
            key = found
        }
        var dropped = 0
        if !hasRoom(event) {
            switch membership.policy {
            case .disconnect: return .tooSlow
            case .dropNewest: return .queued(dropped: 1)
            case .dropOldest, .keepLatest:
                while !hasRoom(event), dropOldest(of: membership) { dropped += 1 }
                // Others' events fill the queue.
                if !hasRoom(event) { return .queued(dropped: dropped + 1) }
            }
        }
        push(Entry(event: event, origin: .group(membership), position: position))
        if let key { latest[key] = taken + entries.count - head - 1 }
        return .queued(dropped: dropped)
    }

    /// An event that was sent to the consumer's own channel; false where there is no room for it.
    mutating func append(_ event: LayerEvent, _ channel: LocalChannel, position: UInt64) -> Bool {
        guard hasRoom(event) else { return false }
        push(Entry(event: event, origin: .channel(channel), position: position))
        return true
    }

    /// One event has room in any case, however large it is.
    private func hasRoom(_ event: LayerEvent) -> Bool { count == 0 || bytes + event.cost <= limit }

    private mutating func push(_ entry: Entry) {
        entries.append(entry)
        count += 1
        bytes += entry.event.cost
    }

    private mutating func replace(_ place: Int, with event: LayerEvent) {
        let index = place - taken + head
        guard let old = entries[index]?.event else { return }
        entries[index]?.event = event
        bytes += event.cost - old.cost
    }

    /// Drops the event of `membership` that waited longest.
    private mutating func dropOldest(of membership: Membership) -> Bool {
        for index in head..<entries.count {
            guard case .group(let other)? = entries[index]?.origin, other === membership else { continue }
            forget(index)
            return true
        }
        return false
    }

    // MARK: Taking

    mutating func removeFirst() -> Entry? {
        skip()
        guard head < entries.count, let entry = entries[head] else { return nil }
        forget(head)
        skip()
        return entry
    }

    /// Drops everything, and says how many events that were.
    mutating func removeAll() -> Int {
        let dropped = count
        for case .channel(let channel)? in entries[head...].map({ $0?.origin }) { channel.handled() }
        self = EventQueue(limit: limit)
        return dropped
    }

    private mutating func forget(_ index: Int) {
        guard let entry = entries[index] else { return }
        entries[index] = nil
        count -= 1
        bytes -= entry.event.cost
        if case .group(let membership) = entry.origin, case .keepLatest(let name) = membership.policy,
            let value = entry.event.message[name]
        {
            latest[LatestKey(group: ObjectIdentifier(membership), value: value)] = nil
        }
    }

    /// Goes past what was dropped, and gives memory back.
    private mutating func skip() {
        while head < entries.count, entries[head] == nil {
            head += 1
            taken += 1
        }
        if head == entries.count {
            entries = []
            head = 0
        } else if head > 64, head > entries.count / 2 {
            entries.removeFirst(head)
            head = 0
        }
    }
}
