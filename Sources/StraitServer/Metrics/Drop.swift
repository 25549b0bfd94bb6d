public import StraitNetwork

extension MetricsSnapshot {
    /// The kinds of dropped messages and events, as counted by ``/StraitNetwork/MetricsSnapshot/drops``.
    public enum Drop: String, Sendable, CaseIterable {
        /// Received messages that were not handled because their socket had ended.
        case received
        /// Messages that arrived between the server's close frame and the client's.
        case afterClose = "after_close"
        /// Messages to a socket that had ended or was too far behind.
        case sent
        /// Messages for which the consumer has no method.
        case unhandledMessages = "unhandled_messages"
        /// Events for which the consumer has no handler, or that it could not decode.
        case unhandledEvents = "unhandled_events"
        /// Events from groups and channels for a socket that had ended.
        case endedEvents = "ended_events"
        /// Events that expired while they waited for their consumer.
        case expiredEvents = "expired_events"
        /// Events that cannot be sent to a socket.
        case unsendableEvents = "unsendable_events"
        /// The oldest waiting events, dropped to make room: ``/StraitLayers/SlowConsumerPolicy/dropOldest``.
        case oldestEvents = "oldest_events"
        /// New events without room in the queue: ``/StraitLayers/SlowConsumerPolicy/dropNewest``.
        case newestEvents = "newest_events"
        /// Events that a later event replaced: ``/StraitLayers/SlowConsumerPolicy/keepLatest(by:)``.
        case replacedEvents = "replaced_events"
        /// Events for members that were disconnected because they were too slow:
        /// ``/StraitLayers/SlowConsumerPolicy/disconnect``.
        case slowMemberEvents = "slow_member_events"
    }
}

/// A short name for this module.
typealias Drop = MetricsSnapshot.Drop
