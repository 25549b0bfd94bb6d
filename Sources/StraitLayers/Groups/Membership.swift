/// A member's membership in a group, until ``leave()`` is called. Loop-bound.
@safe package final class Membership {
    package var group: String { entry.name }
    package var policy: SlowConsumerPolicy
    /// The way in which the member handles the group's events.
    package var mode: DeliveryMode
    // SAFETY: a member leaves its groups before it is released. A checked reference would be retained and released for
    // every event and member.
    unowned(unsafe) let member: any GroupMember
    let entry: GroupEntry
    let share: LoopMembers
    package let table: GroupTable
    /// The number of the last event published before the member joined. Only later events are delivered to it.
    let since: UInt64
    package private(set) var hasEnded = false
    /// The index among the loop's members.
    var index = 0

    init(
        _ member: any GroupMember, table: GroupTable, entry: GroupEntry, share: LoopMembers, since: UInt64,
        policy: SlowConsumerPolicy, mode: DeliveryMode
    ) {
        unsafe self.member = member
        self.table = table
        self.entry = entry
        self.share = share
        self.since = since
        self.policy = policy
        self.mode = mode
    }

    /// Ends the membership: no more events are delivered. Call it on the loop.
    package func leave() {
        guard !hasEnded else { return }
        hasEnded = true
        // The handler may hold a reference to the member.
        mode = .dispatch
        table.remove(self)
    }
}

/// A member of groups in this process: a socket's session. Loop-bound.
package protocol GroupMember: AnyObject {
    /// Delivers events that were published to the group of `membership` after this member joined. Events that exclude
    /// this member as their sender are left out.
    func deliver(_ batch: EventBatch, _ membership: Membership)
}

/// A member with a channel name, so that others can send to it and add it to groups. Loop-bound.
package protocol ChannelMember: GroupMember {
    /// Delivers an event that was sent to the member's channel. The member calls ``LocalChannel/handled()`` when the
    /// event leaves its queue.
    func deliver(_ event: LayerEvent, to channel: LocalChannel)
    /// Joins a group of the channel's layer. Events are dispatched to handlers by type.
    func join(_ group: String, by channel: LocalChannel)
    /// Leaves a group of the channel's layer.
    func leave(_ group: String, by channel: LocalChannel)
    /// Whether the member is in `group` of the channel's layer.
    func isMember(of group: String, by channel: LocalChannel) -> Bool
}

/// The way in which a member handles the events of a group.
package enum DeliveryMode {
    /// Sends events directly to the socket: the fastlane.
    case forward
    /// Dispatches events to the handler registered for their type.
    case dispatch
    /// Calls a closure with each event.
    case handle((LayerEvent) async throws -> Void)
}
