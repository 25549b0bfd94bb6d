import StraitCore
import StraitLayers

/// The events queued for a consumer, in order, with a limit in bytes. At the limit, the policy of the event's group
/// applies. The limit is separate from that of the mailbox, so that events and messages do not block each other.
struct EventQueue: ~Copyable {
    enum Origin {
        case group(Membership)
        case channel(LocalChannel)
    }

    struct Entry {
        var event: LayerEvent
        let origin: Origin
        /// The number of peer messages that arrived before the event. They are handled first.
        let position: UInt64
        fileprivate var key: LatestKey?

        /// Whether the event may be dropped to make room for one that must not be dropped.
        fileprivate var isDroppable: Bool {
            guard case .group(let membership) = origin else { return false }
            switch membership.policy {
            case .dropOldest, .keepLatest: return true
            case .disconnect, .dropNewest: return false
            }
        }

        fileprivate func isOf(_ membership: Membership) -> Bool {
            if case .group(let own) = origin { own === membership } else { false }
        }
    }

    /// The result of adding an event. `dropped` is the number of events that were dropped for it, including itself.
    enum Outcome: Equatable {
        case queued(dropped: Int)
        /// The queue is full, and the member must be disconnected.
        case tooSlow
    }

    /// The key by which a newer event replaces a queued one.
    fileprivate struct LatestKey: Hashable {
        let group: ObjectIdentifier
        let value: LayerValue
    }

    private let limit: Int
    /// The events in order. An event that was dropped out of order leaves nil in its place.
    private var entries = Ring<Entry?>()
    /// The position number of `entries[0]`. An event keeps its position number until the gaps are closed.
    private var base = 0
    private var latest: [LatestKey: Int] = [:]
    /// For each group, the lowest position that may hold one of its events.
    private var oldest: [ObjectIdentifier: Int] = [:]
    private(set) var count = 0
    private(set) var bytes = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { count == 0 }

    /// The next event.
    var first: Entry? {
        mutating get {
            skip()
            return entries.first ?? nil
        }
    }

    // MARK: Adding

    mutating func append(_ event: LayerEvent, _ membership: Membership, position: UInt64) -> Outcome {
        var key: LatestKey?
        // A value that is not equal to itself, such as NaN, could never be found again.
        if case .keepLatest(let name) = membership.policy, let value = event.message[name], value == value {
            let found = LatestKey(group: ObjectIdentifier(membership), value: value)
            if let place = latest[found] { return .queued(dropped: replace(place, with: event, of: membership)) }
            key = found
        }
        var dropped = 0
        switch membership.policy {
        case .dropNewest: if !hasRoom(event) { return .queued(dropped: 1) }
        case .dropOldest, .keepLatest:
            while !hasRoom(event), dropOldest(of: membership) { dropped += 1 }
            // The queue is full of events of other groups.
            if !hasRoom(event) { return .queued(dropped: dropped + 1) }
        case .disconnect:
            while !hasRoom(event), dropDroppable() { dropped += 1 }
            if !hasRoom(event) { return .tooSlow }
        }
        push(Entry(event: event, origin: .group(membership), position: position, key: key))
        return .queued(dropped: dropped)
    }

    /// Adds an event that was sent to the consumer's channel. Returns nil if there is no room, otherwise the number of
    /// events dropped for it.
    mutating func append(_ event: LayerEvent, _ channel: LocalChannel, position: UInt64) -> Int? {
        var dropped = 0
        while !hasRoom(event), dropDroppable() { dropped += 1 }
        guard hasRoom(event) else { return nil }
        push(Entry(event: event, origin: .channel(channel), position: position))
        return dropped
    }

    /// An event always fits into an empty queue, regardless of its size.
    private func hasRoom(_ event: LayerEvent) -> Bool { count == 0 || bytes + event.cost <= limit }

    private mutating func push(_ entry: Entry) {
        closeGaps()
        if let key = entry.key { latest[key] = base + entries.count }
        entries.append(entry)
        count += 1
        bytes += entry.event.cost
    }

    /// Replaces a queued event with `event`. Returns the number of dropped events.
    private mutating func replace(_ place: Int, with event: LayerEvent, of membership: Membership) -> Int {
        guard let old = entries[place - base]?.event else { return 0 }
        entries[place - base]?.event = event
        bytes += event.cost - old.cost
        var dropped = 1
        while bytes > limit, count > 1, dropOldest(of: membership) { dropped += 1 }
        return dropped
    }

    // MARK: Dropping

    /// Drops the oldest event of `membership`.
    private mutating func dropOldest(of membership: Membership) -> Bool {
        let id = ObjectIdentifier(membership)
        var index = max(0, (oldest[id] ?? base) - base)
        while index < entries.count {
            defer { index += 1 }
            guard entries[index]?.isOf(membership) == true else { continue }
            forget(index)
            oldest[id] = base + index + 1
            return true
        }
        oldest[id] = base + index
        return false
    }

    /// Drops the oldest event that may be dropped.
    private mutating func dropDroppable() -> Bool {
        for index in 0..<entries.count where entries[index]?.isDroppable == true {
            forget(index)
            return true
        }
        return false
    }

    /// Drops the events of a group that was left.
    mutating func removeAll(of membership: Membership) {
        for index in 0..<entries.count where entries[index]?.isOf(membership) == true { forget(index) }
        oldest[ObjectIdentifier(membership)] = nil
        closeGaps()
    }

    /// Drops all events and returns their number.
    mutating func removeAll() -> Int {
        let dropped = count
        for index in 0..<entries.count {
            if case .channel(let channel)? = entries[index]?.origin { channel.handled() }
        }
        self = EventQueue(limit: limit)
        return dropped
    }

    // MARK: Taking

    mutating func removeFirst() -> Entry? {
        skip()
        guard let entry = entries.first ?? nil else { return nil }
        forget(0)
        skip()
        return entry
    }

    private mutating func forget(_ index: Int) {
        guard let entry = entries[index] else { return }
        entries[index] = nil
        count -= 1
        bytes -= entry.event.cost
        if let key = entry.key { latest[key] = nil }
    }

    /// Skips gaps at the front, and frees memory.
    private mutating func skip() {
        while !entries.isEmpty, entries[0] == nil {
            _ = entries.removeFirst()
            base += 1
        }
        if entries.isEmpty { entries.removeAll() }
    }

    /// Closes the gaps if most positions are gaps. Otherwise, gaps would accumulate when events are dropped as fast as
    /// they arrive.
    private mutating func closeGaps() {
        guard entries.count > 2 * count + 64 else { return }
        base += entries.count
        entries.removeAll { $0 == nil }
        oldest = [:]
        latest = [:]
        for index in 0..<entries.count {
            if let key = entries[index]?.key { latest[key] = base + index }
        }
    }
}

/// A reason why an event did not reach a consumer or its socket.
package enum EventDrop: Int, CaseIterable, Sendable {
    /// The socket had ended, or had no room for an event sent to the consumer's channel.
    case ended
    /// The event had expired.
    case expired
    /// The event cannot be sent to a socket.
    case unsendable
    /// The group's ``/StraitLayers/SlowConsumerPolicy`` applied. With `disconnect`, the member was also disconnected.
    case dropOldest, dropNewest, keepLatest, disconnect

    /// Returns the reason for events dropped to make room for an event of a group with `policy`. With `disconnect`, the
    /// dropped events belong to groups whose oldest event may be dropped.
    init(making policy: SlowConsumerPolicy) {
        switch policy {
        case .disconnect, .dropOldest: self = .dropOldest
        case .dropNewest: self = .dropNewest
        case .keepLatest: self = .keepLatest
        }
    }
}
