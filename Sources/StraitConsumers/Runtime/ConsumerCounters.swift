internal import Synchronization

/// What was dropped between sockets and consumers, counted for the whole server.
package final class ConsumerCounters: Sendable {
    private let inbound = Atomic<Int>(0)
    private let outbound = Atomic<Int>(0)
    private let events = Atomic<Int>(0)
    private let ignored = Atomic<Int>(0)
    private let unhooked = Atomic<Int>(0)

    package init() {}

    /// Messages that arrived and were not handled because their socket was over.
    package var droppedInbound: Int { inbound.load(ordering: .relaxed) }
    /// Messages that were sent to a socket that was over or too far behind.
    package var droppedOutbound: Int { outbound.load(ordering: .relaxed) }

    /// Events of groups that did not reach a consumer or its socket: its socket was over, they were too old, or their
    /// group's policy had them dropped.
    package var droppedEvents: Int { events.load(ordering: .relaxed) }
    /// Events that a consumer has no handler for, or could not read.
    package var ignoredEvents: Int { ignored.load(ordering: .relaxed) }

    /// Messages that a consumer has no hook for.
    package var ignoredMessages: Int { unhooked.load(ordering: .relaxed) }

    func ignoreMessage() { unhooked.wrappingAdd(1, ordering: .relaxed) }

    package func dropEvents(_ count: Int) {
        if count > 0 { events.wrappingAdd(count, ordering: .relaxed) }
    }

    func ignoreEvent() { ignored.wrappingAdd(1, ordering: .relaxed) }

    func dropInbound(_ count: Int) {
        if count > 0 { inbound.wrappingAdd(count, ordering: .relaxed) }
    }

    package func dropOutbound(_ count: Int) {
        if count > 0 { outbound.wrappingAdd(count, ordering: .relaxed) }
    }
}
