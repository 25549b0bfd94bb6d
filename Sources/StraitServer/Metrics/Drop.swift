public import StraitNetwork

extension MetricsSnapshot {
    /// The kinds of messages, events and lines that were dropped, as ``/StraitNetwork/MetricsSnapshot/drops`` counts them.
    public enum Drop: String, Sendable, CaseIterable {
        /// Messages that arrived and were not handled because their socket had ended.
        case received
        /// Messages that arrived between our close frame and the peer's.
        case afterClose = "after_close"
        /// Messages that were sent to a socket that had ended or was too far behind.
        case sent
        /// Messages that a consumer has no hook for.
        case unhandledMessages = "unhandled_messages"
        /// Events that a consumer has no handler for, or could not read.
        case unhandledEvents = "unhandled_events"
        /// Events of groups and channels whose consumer's socket had ended.
        case endedEvents = "ended_events"
        /// Events that waited for their consumer until they were too old.
        case expiredEvents = "expired_events"
        /// Events that cannot be sent to a socket.
        case unsendableEvents = "unsendable_events"
        /// Events that waited longest and made room for others: ``/StraitLayers/SlowConsumerPolicy/dropOldest``.
        case oldestEvents = "oldest_events"
        /// Events for which there was no room: ``/StraitLayers/SlowConsumerPolicy/dropNewest``.
        case newestEvents = "newest_events"
        /// Events that a later one replaced: ``/StraitLayers/SlowConsumerPolicy/keepLatest(by:)``.
        case replacedEvents = "replaced_events"
        /// Events for members that were disconnected because they were too slow:
        /// ``/StraitLayers/SlowConsumerPolicy/disconnect``.
        case slowMemberEvents = "slow_member_events"
    }
}

/// Short for this module.
typealias Drop = MetricsSnapshot.Drop
