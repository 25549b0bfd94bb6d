internal import Synchronization

/// Counts of a channel layer's undelivered messages since the layer was created.
public final class LayerCounters: Sendable {
    private let full = Atomic<Int>(0)
    private let expired = Atomic<Int>(0)
    private let unread = Atomic<Int>(0)
    private let unknown = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    package init() {}

    /// Messages that were rejected, or that a group member missed, because a channel was full.
    public var droppedFull: Int { full.load(ordering: .relaxed) }
    /// Messages that were dropped because they waited longer than the layer's expiry.
    public var droppedExpired: Int { expired.load(ordering: .relaxed) }

    /// Events that could not be decoded as the group's event type, and presence members whose metadata could not be
    /// decoded.
    public var skipped: Int { unread.load(ordering: .relaxed) }

    /// Messages to channels of this process that no longer exist.
    public var droppedUnknown: Int { unknown.load(ordering: .relaxed) }
    /// The number of times that the connection to the layer's server was lost. Messages in transit may have been lost
    /// each time.
    public var outages: Int { lost.load(ordering: .relaxed) }

    package func dropUnknown(_ count: Int = 1) { unknown.wrappingAdd(count, ordering: .relaxed) }
    package func loseConnection() { lost.wrappingAdd(1, ordering: .relaxed) }
    package func skip(_ count: Int = 1) { unread.wrappingAdd(count, ordering: .relaxed) }
    package func dropFull(_ count: Int = 1) { full.wrappingAdd(count, ordering: .relaxed) }
    package func dropExpired(_ count: Int = 1) { expired.wrappingAdd(count, ordering: .relaxed) }
}
