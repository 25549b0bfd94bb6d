/// That a member is in a group. It ends with ``leave()``. Loop-bound.
@safe package final class Membership {
    package var group: String { entry.name }
    package var policy: SlowConsumerPolicy
    /// What the member does with the group's events.
    package var reaction: Reaction
    // Sound: a member leaves its groups before it ends. A checked reference would be counted up and down for every
    // event and member.
    unowned(unsafe) let member: any GroupMember
    let entry: GroupEntry
    let share: GroupShare
    package let table: GroupTable
    /// What was published before it joined is not for it.
    let since: UInt64
    package private(set) var isOver = false
    /// Its place among the members of its loop.
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

    /// Ends it: nothing more is delivered for it. To be called on its loop.
    package func leave() {
        guard !isOver else { return }
        isOver = true
        // A handler may hold the member.
        reaction = .dispatch
        table.remove(self)
    }
}
