import StraitNetwork
import Synchronization

/// One group of this process: which loops have members, and which channels are in it by name.
final class GroupEntry: Sendable {
    let name: String
    private let state = Mutex(State())

    private struct State {
        /// How many events were published.
        var published: UInt64 = 0
        var shares: [(share: GroupShare, count: Int)] = []
        /// Channels that nobody's session has, and when each was added last.
        var channels: [String: Instant] = [:]
        var isEmpty: Bool { shares.isEmpty && channels.isEmpty }
    }

    init(name: String) {
        self.name = name
    }

    var isEmpty: Bool { state.withLock { $0.isEmpty } }

    /// How many sessions of this process are members.
    var memberCount: Int { state.withLock { $0.shares.reduce(0) { $0 + $1.count } } }

    /// Makes room for one more member on the loop of `inbox`, and says what was published before it.
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

    /// The first loop's inbox that has no room.
    var fullInbox: LayerInbox? { state.withLock { $0.shares.first { $0.share.inbox.isFull }?.share.inbox } }

    /// Publishes `event`: one hand-off for each loop, in the same order on all of them, because the group's lock is held.
    /// `put` is given each channel that was added after `oldest`; older ones are forgotten.
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
