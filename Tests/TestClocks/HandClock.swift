import Synchronization

/// A clock that a test moves. It does not sleep.
public final class HandClock: Clock, Sendable {
    /// A time of the clock.
    public struct Instant: InstantProtocol {
        var offset: Duration
        /// The time after a duration.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// The duration from this time to another.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        /// True if `left` is earlier than `right`.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let offset = Mutex(Duration.zero)

    /// Creates a clock at zero.
    public init() {}

    /// The time of the clock.
    public var now: Instant { Instant(offset: offset.withLock { $0 }) }
    /// One nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }
    /// Returns at once.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {}

    /// Moves the clock.
    public func advance(by duration: Duration) { offset.withLock { $0 += duration } }
}
