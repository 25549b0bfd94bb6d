internal import StraitLayers

/// A reason why an event did not reach a consumer or its socket.
package enum EventDrop: Int, CaseIterable, Sendable {
    /// The socket had ended, or had no room for an event sent to the consumer's channel.
    case ended
    /// The event had expired.
    case expired
    /// The event cannot be sent to a socket.
    case unsendable
    /// The group's ``/StraitLayers/SlowConsumerPolicy`` applied. With `disconnect`, the member was also disconnected.
    case dropOldest, dropNewest, keepLatest, disconnect

    /// Returns the reason for events dropped to make room for an event of a group with `policy`. With `disconnect`, the
    /// dropped events belong to groups whose oldest event may be dropped.
    init(making policy: SlowConsumerPolicy) {
        switch policy {
        case .disconnect, .dropOldest: self = .dropOldest
        case .dropNewest: self = .dropNewest
        case .keepLatest: self = .keepLatest
        }
    }
}
