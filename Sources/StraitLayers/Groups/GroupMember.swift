/// Whoever is in a group in this process: a socket's session. Loop-bound.
package protocol GroupMember: AnyObject {
    /// `event` was published to the group of `membership` after this member joined it, and is not its own.
    func deliver(_ event: LayerEvent, _ membership: Membership)
}

/// That a member is in a group. It ends with ``GroupTable/leave(_:)``. Loop-bound.
package final class Membership {
    package let group: String
    package let policy: SlowConsumerPolicy
    /// What the member does with the group's events; its own affair.
    package let handler: (any AnyObject)?
    /// Sound: a member leaves its groups before it ends.
    unowned let member: any GroupMember
    let entry: GroupEntry
    let share: GroupShare
    /// What was published before it joined is not for it.
    let since: UInt64
    package fileprivate(set) var isOver = false

    init(
        _ member: any GroupMember, entry: GroupEntry, share: GroupShare, since: UInt64, policy: SlowConsumerPolicy,
        handler: (any AnyObject)?
    ) {
        group = entry.name
        self.member = member
        self.entry = entry
        self.share = share
        self.since = since
        self.policy = policy
        self.handler = handler
    }

    func end() { isOver = true }
}
