internal import Synchronization

/// What was dropped between sockets and consumers, counted for the whole server.
package final class ConsumerCounters: Sendable {
    private let inbound = Atomic<Int>(0)
    private let outbound = Atomic<Int>(0)

    package init() {}

    /// Messages that arrived and were not handled because their socket was over.
    package var droppedInbound: Int { inbound.load(ordering: .relaxed) }
    /// Messages that were sent to a socket that was over or too far behind.
    package var droppedOutbound: Int { outbound.load(ordering: .relaxed) }

    func dropInbound(_ count: Int) {
        if count > 0 { inbound.wrappingAdd(count, ordering: .relaxed) }
    }

    func dropOutbound(_ count: Int) {
        if count > 0 { outbound.wrappingAdd(count, ordering: .relaxed) }
    }
}
