/// A member's membership in a group, until ``leave()`` is called. Confined to its event loop.
@safe package final class Membership {
    package var group: String { entry.name }
    package var policy: SlowConsumerPolicy
    /// The member's way of handling the group's events.
    package var mode: DeliveryMode
    // SAFETY: a member leaves its groups before it is released. A checked reference would be counted up and down for
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

/// A member of groups in this process: a socket's session. Confined to its event loop.
package protocol GroupMember: AnyObject {
    /// Delivers events that were published to the group of `membership` after this member joined. Events that exclude
    /// this member as their sender are left out.
    func deliver(_ batch: EventBatch, _ membership: Membership)
}

/// A member with a channel name, so that others can send to it and add it to groups. Confined to its event loop.
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

/// A member's way of handling the events of a group.
package enum DeliveryMode {
    /// Sends events directly to the socket: the fastlane.
    case forward
    /// Dispatches events to the handler registered for their type.
    case dispatch
    /// Calls a closure with each event.
    case handle((LayerEvent) async throws -> Void)
}

/// A policy for a member whose queued events, across all its groups, exceed `ConsumerLimits.events`.
///
/// Events that may be dropped make room for events of a group with the policy ``disconnect``. A slow member never
/// delays other members. Dropped events are counted.
public enum SlowConsumerPolicy: Sendable, Hashable {
    /// Disconnects the member. Its client has to reconnect and start again. For events that build on each other. A
    /// member is also disconnected if one of its events expires in the queue.
    case disconnect
    /// Drops the oldest queued event of the group.
    case dropOldest
    /// Drops the new event.
    case dropNewest
    /// Replaces a queued event that has the same value under `key`, even if the member is not behind. If there is none
    /// and the queue is full, drops the oldest event of the group. For state of which only the latest version matters,
    /// such as prices by symbol.
    ///
    /// The latest event is the one sent last. If several senders change the same state, their events may arrive in
    /// another order than the changes. Number the changes then, or send them all from one place.
    case keepLatest(by: String)
}
