/// Whoever is in groups in this process: a socket's session. Loop-bound.
package protocol GroupMember: AnyObject {
    /// `batch` was published to the group of `membership` after this member joined it, and none of it is its own.
    func deliver(_ batch: EventBatch, _ membership: Membership)
}

/// A member that has a channel of its own, by whose name others may send to it and add it to groups. Loop-bound.
package protocol ChannelMember: GroupMember {
    /// `event` was sent to the member's channel. ``LocalChannel/handled()`` is to be called once it waits no more.
    func deliver(_ event: LayerEvent, to channel: LocalChannel)
    /// Joins a group of the layer that its channel is of; its events are dispatched by their type.
    func join(_ group: String, by channel: LocalChannel)
    func leave(_ group: String, by channel: LocalChannel)
    /// Whether it is in `group` of the layer that its channel is of.
    func isMember(of group: String, by channel: LocalChannel) -> Bool
}
