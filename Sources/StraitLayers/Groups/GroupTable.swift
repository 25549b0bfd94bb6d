package import StraitNetwork
internal import Synchronization

/// Who is in which group, in this process.
package final class GroupTable: Sendable {
    private let groups = Mutex<[String: GroupEntry]>([:])

    package init() {}

    /// Makes `member`, a session on `loop`, a member of `group`: everything that is published from here on is delivered to
    /// it. To be called on the loop.
    ///
    /// - Parameter handler: What the member keeps with the membership.
    package func join(
        _ group: String, _ member: any GroupMember, on loop: EventLoop, policy: SlowConsumerPolicy = .disconnect,
        handler: (any AnyObject)? = nil
    ) -> Membership {
        loop.assertOnLoop()
        let (entry, share, since) = groups.withLock { groups in
            let entry = Self.entry(&groups, group)
            let (share, since) = entry.enter(loop)
            return (entry, share, since)
        }
        // What is published from here on reaches this loop in a later turn: nothing can be missed.
        let membership = Membership(member, entry: entry, share: share, since: since, policy: policy, handler: handler)
        share.add(membership)
        return membership
    }

    /// Ends `membership`: nothing more is delivered for it. To be called on its loop.
    package func leave(_ membership: Membership) {
        guard !membership.isOver else { return }
        membership.share.remove(membership)
        groups.withLock { groups in
            membership.entry.exit(membership.share)
            Self.clean(&groups, membership.entry)
        }
    }

    /// Makes a channel that no session has a member of `group`.
    func add(_ group: String, channel: String, at now: Instant) {
        groups.withLock { Self.entry(&$0, group).add(channel: channel, at: now) }
    }

    func remove(_ group: String, channel: String) {
        groups.withLock { groups in
            guard let entry = groups[group] else { return }
            entry.remove(channel: channel)
            Self.clean(&groups, entry)
        }
    }

    /// Publishes `event` to the members of `group`. See ``GroupEntry/publish(_:since:_:)``.
    package func publish(_ event: LayerEvent, to group: String, since oldest: Instant, _ put: (String) -> Void) {
        guard let entry = groups.withLock({ $0[group] }) else { return }
        entry.publish(event, since: oldest, put)
        groups.withLock { Self.clean(&$0, entry) }
    }

    /// How many groups have members.
    package var count: Int { groups.withLock { $0.count } }

    /// Forgets the channels that were added by name. Sessions stay where they are.
    func removeAll() {
        groups.withLock { groups in groups = groups.filter { $0.value.memberCount > 0 } }
    }

    private static func entry(_ groups: inout [String: GroupEntry], _ name: String) -> GroupEntry {
        if let entry = groups[name] { return entry }
        let entry = GroupEntry(name: name)
        groups[name] = entry
        return entry
    }

    private static func clean(_ groups: inout [String: GroupEntry], _ entry: GroupEntry) {
        if entry.isEmpty, groups[entry.name] === entry { groups[entry.name] = nil }
    }
}
