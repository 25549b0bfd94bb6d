/// What is done for a member that takes the events of a group more slowly than they come, once more events wait for it, of
/// all of its groups taken together, than may. Where one must not be missed, others that may be dropped make room first. Nobody else waits for it in any case, and what is dropped is counted.
public enum SlowConsumerPolicy: Sendable, Hashable {
    /// The member is disconnected: whoever reconnects begins anew. For events that build on each other. An event that waited
    /// for it until it was too old has the same end.
    case disconnect
    /// The event that waited longest is dropped.
    case dropOldest
    /// The event that comes is dropped.
    case dropNewest
    /// An event replaces the waiting one that has the same value under `key`, whether the member is behind or not so far;
    /// where none has, the oldest is dropped. For states of which only the latest matters, such as prices by symbol.
    ///
    /// The latest is what was sent to the group last. Where several senders may overtake each other between changing a
    /// state and telling of it, that need not be the latest state: number the changes, or have one place send them.
    case keepLatest(by: String)
}
