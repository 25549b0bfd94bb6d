internal import StraitLayers

/// A reason for which an event did not reach a consumer or its socket.
package enum EventDrop: Int, CaseIterable, Sendable {
    /// The socket had ended, or had not room for an event of the consumer's own channel.
    case ended
    /// The event was too old.
    case expired
    /// The event cannot be sent to a socket.
    case unsendable
    /// The group's ``/StraitLayers/SlowConsumerPolicy``. With `disconnect` the member was disconnected, too.
    case dropOldest, dropNewest, keepLatest, disconnect

    /// The reason why events were dropped to make room for one of a group with `policy`. Those that make room for one that
    /// must not be missed are of groups whose oldest may be dropped.
    init(making policy: SlowConsumerPolicy) {
        switch policy {
        case .disconnect, .dropOldest: self = .dropOldest
        case .dropNewest: self = .dropNewest
        case .keepLatest: self = .keepLatest
        }
    }
}
