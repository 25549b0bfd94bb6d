package import StraitConsumers
internal import Synchronization

/// What a server counted since it started, over all its loops.
package final class ServerCounters: Sendable {
    package let consumers = ConsumerCounters()
    private let afterClose = Atomic<Int>(0)
    private let slow = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let unfinishedRefusals = Atomic<Int>(0)
    private let idleClosures = Atomic<Int>(0)
    private let addressRefusals = Atomic<Int>(0)

    package init() {}

    /// Messages that arrived between our close frame and the peer's.
    package var droppedAfterClose: Int { afterClose.load(ordering: .relaxed) }
    /// Sockets that were disconnected because their peer read too slowly.
    package var slowDisconnects: Int { slow.load(ordering: .relaxed) }

    /// The bytes of messages that have begun to arrive and are not complete.
    package var unfinishedBytes: Int { unfinished.load(ordering: .relaxed) }
    /// Sockets that were closed because unfinished messages took too much memory.
    package var unfinishedMessageRefusals: Int { unfinishedRefusals.load(ordering: .relaxed) }
    /// Connections without a request that were closed to make room for new ones.
    package var closedIdleConnections: Int { idleClosures.load(ordering: .relaxed) }
    /// Connections that were closed because their address had too many.
    package var refusedPerAddress: Int { addressRefusals.load(ordering: .relaxed) }

    /// Adds `change` to the bytes of unfinished messages and returns the new total.
    func holdUnfinished(_ change: Int) -> Int {
        unfinished.wrappingAdd(change, ordering: .relaxed).newValue
    }

    func refuseUnfinished() { unfinishedRefusals.wrappingAdd(1, ordering: .relaxed) }
    func closeIdle() { idleClosures.wrappingAdd(1, ordering: .relaxed) }
    func refuseAddress() { addressRefusals.wrappingAdd(1, ordering: .relaxed) }
    func dropAfterClose() { afterClose.wrappingAdd(1, ordering: .relaxed) }
    func disconnectSlow() { slow.wrappingAdd(1, ordering: .relaxed) }
}
