internal import Synchronization

/// Counters of messages and events dropped between sockets and consumers, for the whole server. Each event is rare, so
/// all loops can share one counter without contention.
package final class ConsumerCounters: Sendable {
    private let inbound = Atomic<Int>(0)
    private let outbound = Atomic<Int>(0)
    /// One counter for each ``EventDrop``.
    private let events: [7 of Atomic<Int>] = InlineArray { _ in Atomic(0) }
    private let ignored = Atomic<Int>(0)
    private let unhooked = Atomic<Int>(0)
    private let cancelled = Atomic<Int>(0)
    private let slow = Atomic<Int>(0)

    package init() {}

    /// Messages that arrived but were not handled because their socket had ended.
    package var droppedInbound: Int { inbound.load(ordering: .relaxed) }
    /// Messages sent to a socket that had ended or was too far behind.
    package var droppedOutbound: Int { outbound.load(ordering: .relaxed) }

    /// Events of groups and channels that did not reach a consumer or its socket.
    package var droppedEvents: Int { EventDrop.allCases.reduce(0) { $0 + droppedEvents($1) } }
    /// Returns the number of events that were dropped for one reason.
    package func droppedEvents(_ reason: EventDrop) -> Int { events[reason.rawValue].load(ordering: .relaxed) }
    /// Events that a consumer has no handler for, or could not decode.
    package var ignoredEvents: Int { ignored.load(ordering: .relaxed) }

    /// Messages that a consumer has no hook for.
    package var ignoredMessages: Int { unhooked.load(ordering: .relaxed) }

    /// Handlers that were cancelled because they ran for too long after their socket had closed.
    package var cancelledHandlers: Int { cancelled.load(ordering: .relaxed) }

    /// Group members that were disconnected because too many events were queued for them.
    package var slowMembers: Int { slow.load(ordering: .relaxed) }

    func ignoreMessage() { unhooked.wrappingAdd(1, ordering: .relaxed) }

    package func dropEvents(_ count: Int, _ reason: EventDrop) {
        if count > 0 { events[reason.rawValue].wrappingAdd(count, ordering: .relaxed) }
    }

    func ignoreEvent() { ignored.wrappingAdd(1, ordering: .relaxed) }

    func disconnectMember() { slow.wrappingAdd(1, ordering: .relaxed) }

    func cancelHandler() { cancelled.wrappingAdd(1, ordering: .relaxed) }

    func dropInbound(_ count: Int) {
        if count > 0 { inbound.wrappingAdd(count, ordering: .relaxed) }
    }

    package func dropOutbound(_ count: Int) {
        if count > 0 { outbound.wrappingAdd(count, ordering: .relaxed) }
    }
}
