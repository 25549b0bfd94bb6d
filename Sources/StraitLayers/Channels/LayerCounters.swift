internal import Synchronization

/// What a channel layer did not deliver, counted since it was made.
public final class LayerCounters: Sendable {
    private let full = Atomic<Int>(0)
    private let expired = Atomic<Int>(0)
    private let unread = Atomic<Int>(0)
    private let unknown = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    package init() {}

    /// Messages that were refused, or missed by a member of a group, because a channel was full.
    public var droppedFull: Int { full.load(ordering: .relaxed) }
    /// Messages that waited for longer than they were of use.
    public var droppedExpired: Int { expired.load(ordering: .relaxed) }

    /// Events that whoever follows a group could not read as what the group is of.
    public var skipped: Int { unread.load(ordering: .relaxed) }

    /// Messages to channels of this process that are no more.
    public var droppedUnknown: Int { unknown.load(ordering: .relaxed) }
    /// How often what the layer is kept in was lost, and messages under way may have been lost with it.
    public var outages: Int { lost.load(ordering: .relaxed) }

    package func dropUnknown(_ count: Int = 1) { unknown.wrappingAdd(count, ordering: .relaxed) }
    package func loseConnection() { lost.wrappingAdd(1, ordering: .relaxed) }
    package func skip() { unread.wrappingAdd(1, ordering: .relaxed) }
    package func dropFull(_ count: Int = 1) { full.wrappingAdd(count, ordering: .relaxed) }
    package func dropExpired(_ count: Int = 1) { expired.wrappingAdd(count, ordering: .relaxed) }
}
