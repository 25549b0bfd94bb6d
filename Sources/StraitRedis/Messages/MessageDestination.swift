/// Which channels of its receiver a payload is for, which travels within the message.
package enum MessageDestination: Sendable, Hashable {
    /// The queue has one channel, which the message need not name.
    case queue
    /// One channel of a process, as `send` has it.
    case channel(String)
    /// Those of a group that share a queue, as `group_send` has it, even where it is one.
    case channels([String])
}
