package import StraitCore
internal import Synchronization

/// The groups with members in this process, and the channels of its sockets.
package final class GroupTable: Sendable {
    private let state = Mutex(State())
    /// The sockets' channels. They have a separate lock, which is acquired while a group's lock is held.
    private let channels = Mutex<[String: LocalChannel]>([:])
    private let changed: (@Sendable (String) -> Void)?

    private struct State {
        var groups: [String: GroupEntry] = [:]
        var inboxes: [ObjectIdentifier: (inbox: LayerInbox, users: Int)] = [:]

        mutating func entry(_ name: String) -> GroupEntry {
            if let entry = groups[name] { return entry }
            let entry = GroupEntry(name: name)
            groups[name] = entry
            return entry
        }

        /// Removes the entry if it is empty. Returns whether it was removed.
        mutating func clean(_ entry: GroupEntry) -> Bool {
            guard entry.isEmpty, groups[entry.name] === entry else { return false }
            groups[entry.name] = nil
            return true
        }

        /// Returns the inbox of `loop` and counts one more user of it. Each user calls ``release(_:)`` when it is done.
        mutating func inbox(_ loop: EventLoop) -> LayerInbox {
            let id = ObjectIdentifier(loop)
            let inbox = inboxes[id]?.inbox ?? LayerInbox(loop: loop)
            inboxes[id, default: (inbox, 0)].users += 1
            return inbox
        }

        mutating func release(_ inbox: LayerInbox) {
            let id = ObjectIdentifier(inbox.loop)
            guard let users = inboxes[id]?.users else { return }
            if users == 1 { inboxes[id] = nil } else { inboxes[id]?.users = users - 1 }
        }
    }

    /// - Parameter changed: Called with a group's name after the group got its first member or lost its last one, on
    ///   any thread. Call ``isEmpty(_:)`` to find out which.
    package init(changed: (@Sendable (String) -> Void)? = nil) {
        self.changed = changed
    }

    // MARK: Members

    /// Makes `member`, a session on `loop`, a member of `group`. All events published from now on are delivered to it.
    /// Call it on the loop.
    package func join(
        _ group: String, _ member: any GroupMember, on loop: EventLoop, policy: SlowConsumerPolicy = .disconnect,
        mode: DeliveryMode = .dispatch
    ) -> Membership {
        loop.assertOnLoop()
        let (entry, share, since, isFirst) = state.withLock { state in
            let entry = state.entry(group)
            let isFirst = entry.isEmpty
            let (share, since) = entry.enter(state.inbox(loop))
            return (entry, share, since, isFirst)
        }
        // Events published from now on reach this loop in a later turn, so the member misses none.
        let membership = Membership(
            member, table: self, entry: entry, share: share, since: since, policy: policy, mode: mode)
        share.add(membership)
        if isFirst { changed?(group) }
        return membership
    }

    /// Removes a membership that has ended. Called by ``Membership/leave()``.
    func remove(_ membership: Membership) {
        membership.share.remove(membership)
        let isEmpty = state.withLock { state in
            membership.entry.exit(membership.share)
            state.release(membership.share.inbox)
            return state.clean(membership.entry)
        }
        if isEmpty { changed?(membership.group) }
    }

    // MARK: Channels of sockets

    /// Registers the channel `name` for `member`, a session on `loop`. Call it on the loop.
    package func register(_ name: String, _ member: any ChannelMember, on loop: EventLoop) -> LocalChannel {
        loop.assertOnLoop()
        let channel = LocalChannel(name: name, member: member, table: self, inbox: state.withLock { $0.inbox(loop) })
        channels.withLock { $0[name] = channel }
        return channel
    }

    /// Returns the channel of a local socket, or nil if no local socket has that name.
    package func channel(_ name: String) -> LocalChannel? { channels.withLock { $0[name] } }

    /// Removes a closed channel. Called by ``LocalChannel/close()``.
    func remove(_ channel: LocalChannel) {
        channels.withLock { $0[channel.name] = nil }
        state.withLock { $0.release(channel.inbox) }
    }

    // MARK: Channels by name

    /// Adds a channel that belongs to no local socket to `group`.
    package func add(_ group: String, channel: String, at now: Instant) {
        let isFirst = state.withLock { state in
            let entry = state.entry(group)
            let isFirst = entry.isEmpty
            entry.add(channel: channel, at: now)
            return isFirst
        }
        if isFirst { changed?(group) }
    }

    package func remove(_ group: String, channel: String) {
        let isEmpty = state.withLock { state in
            guard let entry = state.groups[group] else { return false }
            entry.remove(channel: channel)
            return state.clean(entry)
        }
        if isEmpty { changed?(group) }
    }

    /// Removes all channels that were added by name. Sockets stay in their groups.
    package func removeAll() {
        let empty = state.withLock { state in
            Array(state.groups.values).filter { entry in
                entry.removeChannels()
                return state.clean(entry)
            }
        }
        for entry in empty { changed?(entry.name) }
    }

    // MARK: Events

    /// Publishes `event` to the members of `group`. Waits while a member's loop is blocked and its inbox is full. See
    /// ``GroupEntry/publish(_:since:_:)``.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits.
    package func publish(
        _ event: LayerEvent, to group: String, since oldest: Instant, _ put: (String) -> Void
    ) async throws {
        guard let entry = entry(group) else { return }
        while let full = entry.fullInbox { try await full.room() }
        publishNow(event, to: entry, since: oldest, put)
    }

    /// Publishes `event` to the sockets in `group`. Returns false and publishes nothing if a member's inbox is full.
    func publishIfRoom(_ event: LayerEvent, to group: String) -> Bool {
        guard let entry = entry(group) else { return true }
        guard entry.fullInbox == nil else { return false }
        publishNow(event, to: entry, since: Instant(nanoseconds: .min)) { _ in }
        return true
    }

    /// Publishes `event` without waiting for room. Call ``room()`` before the next events.
    package func publishNow(_ event: LayerEvent, to group: String, since oldest: Instant, _ put: (String) -> Void) {
        if let entry = entry(group) { publishNow(event, to: entry, since: oldest, put) }
    }

    private func publishNow(
        _ event: LayerEvent, to entry: GroupEntry, since oldest: Instant, _ put: (String) -> Void
    ) {
        entry.publish(event, since: oldest, put)
        if entry.isEmpty, state.withLock({ $0.clean(entry) }) { changed?(entry.name) }
    }

    /// Whether the inbox of a loop is full because the loop is blocked.
    package var isBehind: Bool { fullInbox != nil }

    /// Waits until all inboxes have room.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits.
    package func room() async throws {
        while let full = fullInbox { try await full.room() }
    }

    private var fullInbox: LayerInbox? {
        state.withLock { state in state.inboxes.values.first { $0.inbox.isFull }?.inbox }
    }

    private func entry(_ group: String) -> GroupEntry? { state.withLock { $0.groups[group] } }

    // MARK: Counts

    /// Whether `group` has no members in this process.
    package func isEmpty(_ group: String) -> Bool { entry(group)?.isEmpty ?? true }

    /// The names of the groups that have members.
    package var names: [String] { state.withLock { Array($0.groups.keys) } }

    /// The number of groups that have members.
    package var count: Int { state.withLock { $0.groups.count } }

    /// Returns the number of local sockets in `group`.
    package func memberCount(of group: String) -> Int { entry(group)?.memberCount ?? 0 }

    /// The number of local sockets that have a channel name.
    package var channelCount: Int { channels.withLock { $0.count } }
}

/// One group in this process: the event loops that have members, and the channels that were added by name.
final class GroupEntry: Sendable {
    let name: String
    private let state = Mutex(State())

    private struct State {
        /// The number of events published so far.
        var published: UInt64 = 0
        var shares: [(share: LoopMembers, count: Int)] = []
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
    func enter(_ inbox: LayerInbox) -> (share: LoopMembers, since: UInt64) {
        state.withLock { state in
            if let index = state.shares.firstIndex(where: { $0.share.loop === inbox.loop }) {
                state.shares[index].count += 1
                return (state.shares[index].share, state.published)
            }
            let share = LoopMembers(inbox: inbox)
            state.shares.append((share, 1))
            return (share, state.published)
        }
    }

    func exit(_ share: LoopMembers) {
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
