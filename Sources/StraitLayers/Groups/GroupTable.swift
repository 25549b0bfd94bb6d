package import StraitNetwork
internal import Synchronization

/// Who is in which group, and which channels belong to sockets, in this process.
package final class GroupTable: Sendable {
    private let state = Mutex(State())
    /// The channels that sockets have. Behind a lock of their own, which is taken while a group's is held.
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

        /// Forgets the entry if it is empty; whether it is forgotten now.
        mutating func clean(_ entry: GroupEntry) -> Bool {
            guard entry.isEmpty, groups[entry.name] === entry else { return false }
            groups[entry.name] = nil
            return true
        }

        /// The inbox of `loop`, which its next user lets go of with ``letGo(_:)``.
        mutating func inbox(_ loop: EventLoop) -> LayerInbox {
            let id = ObjectIdentifier(loop)
            let inbox = inboxes[id]?.inbox ?? LayerInbox(loop: loop)
            inboxes[id, default: (inbox, 0)].users += 1
            return inbox
        }

        mutating func letGo(_ inbox: LayerInbox) {
            let id = ObjectIdentifier(inbox.loop)
            guard let users = inboxes[id]?.users else { return }
            if users == 1 { inboxes[id] = nil } else { inboxes[id]?.users = users - 1 }
        }
    }

    /// - Parameter changed: Told the name of a group that got its first member or lost its last one, on whatever thread
    ///   that happened, after it; ask ``isEmpty(_:)`` which it was.
    package init(changed: (@Sendable (String) -> Void)? = nil) {
        self.changed = changed
    }

    // MARK: Members

    /// Makes `member`, a session on `loop`, a member of `group`: everything that is published from here on is delivered
    /// to it. To be called on the loop.
    package func join(
        _ group: String, _ member: any GroupMember, on loop: EventLoop, policy: SlowConsumerPolicy = .disconnect,
        reaction: Reaction = .dispatch
    ) -> Membership {
        loop.assertOnLoop()
        let (entry, share, since, isFirst) = state.withLock { state in
            let entry = state.entry(group)
            let isFirst = entry.isEmpty
            let (share, since) = entry.enter(state.inbox(loop))
            return (entry, share, since, isFirst)
        }
        // What is published from here on reaches this loop in a later turn: nothing can be missed.
        let membership = Membership(
            member, table: self, entry: entry, share: share, since: since, policy: policy, reaction: reaction)
        share.add(membership)
        if isFirst { changed?(group) }
        return membership
    }

    /// For ``Membership/leave()``.
    func remove(_ membership: Membership) {
        membership.share.remove(membership)
        let isEmpty = state.withLock { state in
            membership.entry.exit(membership.share)
            state.letGo(membership.share.inbox)
            return state.clean(membership.entry)
        }
        if isEmpty { changed?(membership.group) }
    }

    // MARK: Channels of sockets

    /// Gives `member`, a session on `loop`, the channel `name`. To be called on the loop.
    package func register(_ name: String, _ member: any ChannelMember, on loop: EventLoop) -> LocalChannel {
        loop.assertOnLoop()
        let channel = LocalChannel(name: name, member: member, table: self, inbox: state.withLock { $0.inbox(loop) })
        channels.withLock { $0[name] = channel }
        return channel
    }

    /// The channel of a socket in this process.
    package func channel(_ name: String) -> LocalChannel? { channels.withLock { $0[name] } }

    /// For ``LocalChannel/close()``.
    func remove(_ channel: LocalChannel) {
        channels.withLock { $0[channel.name] = nil }
        state.withLock { $0.letGo(channel.inbox) }
    }

    // MARK: Channels by name

    /// Makes a channel that no session has a member of `group`.
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

    /// Forgets the channels that were added by name. Sessions stay where they are.
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

    /// Publishes `event` to the members of `group`, waiting for room at loops that are held up. See
    /// ``GroupEntry/publish(_:since:_:)``.
    ///
    /// - Throws: `CancellationError` where the task is cancelled while it waits.
    package func publish(
        _ event: LayerEvent, to group: String, since oldest: Instant, _ put: (String) -> Void
    ) async throws {
        guard let entry = entry(group) else { return }
        while let full = entry.fullInbox { try await full.room() }
        publishNow(event, to: entry, since: oldest, put)
    }

    /// Publishes `event` to the sockets in `group`, unless a loop of theirs is held up and has no room.
    func publishIfRoom(_ event: LayerEvent, to group: String) -> Bool {
        guard let entry = entry(group) else { return true }
        guard entry.fullInbox == nil else { return false }
        publishNow(event, to: entry, since: Instant(nanoseconds: .min)) { _ in }
        return true
    }

    /// Publishes `event` without waiting for room: ask for that with ``room()`` before the next ones.
    package func publishNow(_ event: LayerEvent, to group: String, since oldest: Instant, _ put: (String) -> Void) {
        if let entry = entry(group) { publishNow(event, to: entry, since: oldest, put) }
    }

    private func publishNow(
        _ event: LayerEvent, to entry: GroupEntry, since oldest: Instant, _ put: (String) -> Void
    ) {
        entry.publish(event, since: oldest, put)
        if entry.isEmpty, state.withLock({ $0.clean(entry) }) { changed?(entry.name) }
    }

    /// Whether more waits for a loop than should.
    package var isHeldUp: Bool { fullInbox != nil }

    /// Returns once no loop is held up.
    ///
    /// - Throws: `CancellationError` where the task is cancelled while it waits.
    package func room() async throws {
        while let full = fullInbox { try await full.room() }
    }

    private var fullInbox: LayerInbox? {
        state.withLock { state in state.inboxes.values.first { $0.inbox.isFull }?.inbox }
    }

    private func entry(_ group: String) -> GroupEntry? { state.withLock { $0.groups[group] } }

    // MARK: Counts

    /// Whether nobody of this process is in `group`.
    package func isEmpty(_ group: String) -> Bool { entry(group)?.isEmpty ?? true }

    /// The groups that have members.
    package var names: [String] { state.withLock { Array($0.groups.keys) } }

    /// How many groups have members.
    package var count: Int { state.withLock { $0.groups.count } }

    /// How many sockets of this process are in `group`.
    package func memberCount(of group: String) -> Int { entry(group)?.memberCount ?? 0 }

    /// How many sockets have a channel.
    package var channelCount: Int { channels.withLock { $0.count } }
}
