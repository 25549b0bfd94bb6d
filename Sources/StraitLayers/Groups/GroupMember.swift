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
