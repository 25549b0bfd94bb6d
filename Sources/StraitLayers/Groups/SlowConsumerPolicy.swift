/// What is done for a member that takes the events of a group more slowly than they come, once more of them wait for it
/// than it may have waiting. Nobody else waits for it in any case, and what is dropped is counted.
public enum SlowConsumerPolicy: Sendable, Hashable {
    /// The member is disconnected: whoever reconnects begins anew. For events that build on each other.
    case disconnect
    /// The event that waited longest is dropped.
    case dropOldest
    /// The event that comes is dropped.
    case dropNewest
    /// An event replaces the waiting one that has the same value under `key`, whether the member is behind or not so far;
    /// where none has, the oldest is dropped. For states of which only the latest matters, such as prices by symbol.
    case keepLatest(by: String)
}
