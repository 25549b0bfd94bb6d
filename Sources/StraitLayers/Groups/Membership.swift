/// A member's membership in a group, until ``leave()`` is called. Confined to its event loop.
@safe package final class Membership {
    package var group: String { entry.name }
    package var policy: SlowConsumerPolicy
    /// The member's way of handling the group's events.
    package var reaction: Reaction
    // SAFETY: a member leaves its groups before it is released. A checked reference would be counted up and down for
    // every event and member.
    unowned(unsafe) let member: any GroupMember
    let entry: GroupEntry
    let share: GroupShare
    package let table: GroupTable
    /// The number of the last event published before the member joined. Only later events are delivered to it.
    let since: UInt64
    package private(set) var isOver = false
    /// The index among the loop's members.
    var index = 0

    init(
        _ member: any GroupMember, table: GroupTable, entry: GroupEntry, share: GroupShare, since: UInt64,
        policy: SlowConsumerPolicy, reaction: Reaction
    ) {
        unsafe self.member = member
        self.table = table
        self.entry = entry
        self.share = share
        self.since = since
        self.policy = policy
        self.reaction = reaction
    }

    /// Ends the membership: no more events are delivered. Call it on the loop.
    package func leave() {
        guard !isOver else { return }
        isOver = true
        // The handler may hold a reference to the member.
        reaction = .dispatch
        table.remove(self)
    }
}
