/// The destination channels of a payload, which are part of the message.
package enum MessageDestination: Sendable, Hashable {
    /// The only channel of a queue, which the message does not name.
    case queue
    /// One channel of a process, as `send` writes it.
    case channel(String)
    /// Channels of a group that share a queue, as `group_send` writes them, even for one channel.
    case channels([String])
}
