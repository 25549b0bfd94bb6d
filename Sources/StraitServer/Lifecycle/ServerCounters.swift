package import StraitConsumers
internal import Synchronization

/// What a server counted since it started, over all its loops.
package final class ServerCounters: Sendable {
    package let consumers = ConsumerCounters()
    private let afterClose = Atomic<Int>(0)
    private let slow = Atomic<Int>(0)

    package init() {}

    /// Messages that arrived between our close frame and the peer's.
    package var droppedAfterClose: Int { afterClose.load(ordering: .relaxed) }
    /// Sockets that were disconnected because their peer read too slowly.
    package var slowDisconnects: Int { slow.load(ordering: .relaxed) }

    func dropAfterClose() { afterClose.wrappingAdd(1, ordering: .relaxed) }
    func disconnectSlow() { slow.wrappingAdd(1, ordering: .relaxed) }
}
