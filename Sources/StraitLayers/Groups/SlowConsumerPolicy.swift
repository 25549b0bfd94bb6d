/// A policy for a member whose queued events, across all its groups, exceed `ConsumerLimits.events`.
///
/// Events of groups with ``dropOldest`` or ``keepLatest(by:)`` make room for events of a group with the policy
/// ``disconnect``. A slow member never delays other members. Dropped events are counted.
public enum SlowConsumerPolicy: Sendable, Hashable {
    /// Disconnects the member with a reset. Its client has to reconnect and start again. Use it for events that build
    /// on each other.
    /// A member is also disconnected if one of its events expires in the queue.
    case disconnect
    /// Drops the oldest queued event of the group. If other groups fill the queue, drops the new event.
    case dropOldest
    /// Drops the new event.
    case dropNewest
    /// Replaces a queued event that has the same value under `key`, even if the member is not behind. If there is none
    /// and the queue is full, drops the oldest event of the group. Use it for state of which only the latest version
    /// matters, such as prices by symbol.
    ///
    /// The latest event is the one sent last. If several senders change the same state, their events may arrive in
    /// another order than the changes. In that case, number the changes or send them all from one place.
    case keepLatest(by: String)
}
