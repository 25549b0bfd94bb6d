import StraitNetwork
import Synchronization

/// One group in this process: the event loops that have members, and the channels that were added by name.
final class GroupEntry: Sendable {
    let name: String
    private let state = Mutex(State())

    private struct State {
        /// The number of events published so far.
        var published: UInt64 = 0
        var shares: [(share: GroupShare, count: Int)] = []
        /// Channels that belong to no local socket, and the time when each was last added.
        var channels: [String: Instant] = [:]
        var isEmpty: Bool { shares.isEmpty && channels.isEmpty }
    }

    init(name: String) {
        self.name = name
    }

    var isEmpty: Bool { state.withLock { $0.isEmpty } }

    /// The number of local sockets in the group.
    var memberCount: Int { state.withLock { $0.shares.reduce(0) { $0 + $1.count } } }

    /// Registers one more member on the loop of `inbox`. Returns the number of events published before it joined.
    func enter(_ inbox: LayerInbox) -> (share: GroupShare, since: UInt64) {
        state.withLock { state in
            if let index = state.shares.firstIndex(where: { $0.share.loop === inbox.loop }) {
                state.shares[index].count += 1
                return (state.shares[index].share, state.published)
            }
            let share = GroupShare(inbox: inbox)
            state.shares.append((share, 1))
            return (share, state.published)
        }
    }

    func exit(_ share: GroupShare) {
        state.withLock { state in
            guard let index = state.shares.firstIndex(where: { $0.share === share }) else { return }
            state.shares[index].count -= 1
            if state.shares[index].count == 0 { state.shares.remove(at: index) }
        }
    }

    func add(channel: String, at now: Instant) { state.withLock { $0.channels[channel] = now } }
    func remove(channel: String) { state.withLock { $0.channels[channel] = nil } }
    func removeChannels() { state.withLock { $0.channels = [:] } }

    /// The first inbox that is full, or nil if none is.
    var fullInbox: LayerInbox? { state.withLock { $0.shares.first { $0.share.inbox.isFull }?.share.inbox } }

    /// Publishes `event` with one hand-off per loop. The order is the same on all loops, because the group's lock is
    /// held. Calls `put` for each channel that was added after `oldest`, and removes older channels.
    func publish(_ event: LayerEvent, since oldest: Instant, _ put: (String) -> Void) {
        state.withLock { state in
            state.published += 1
            for (share, _) in state.shares { share.inbox.append(.group(share, event, number: state.published)) }
            guard !state.channels.isEmpty else { return }
            state.channels = state.channels.filter { $0.value > oldest }
            for channel in state.channels.keys { put(channel) }
        }
    }
}
