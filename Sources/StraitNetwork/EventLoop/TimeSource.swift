internal import Glibc
internal import Synchronization

/// Where an event loop reads the time: the machine's clock, or one that a test moves by hand.
package protocol TimeSource: Sendable {
    var now: Instant { get }
    /// The time of day, for logs and `Date` fields: seconds since 1970.
    var wallClock: Int64 { get }
    /// Whether waiting for a deadline is a matter of waiting; false where someone has to move the clock.
    var passes: Bool { get }
}

/// `CLOCK_MONOTONIC`: it neither jumps nor runs backwards.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    package var wallClock: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }

    package var passes: Bool { true }
}

/// A clock that stands still until it is moved, for tests.
package final class ManualTime: TimeSource {
    private let current: Mutex<Instant>
    private let epoch: Int64

    /// Starts at zero; `epoch` is the time of day at that moment in seconds since 1970.
    package init(epoch: Int64 = 1_700_000_000) {
        current = Mutex(Instant(nanoseconds: 0))
        self.epoch = epoch
    }

    package var now: Instant { current.withLock { $0 } }
    package var wallClock: Int64 { epoch &+ now.nanoseconds / 1_000_000_000 }
    package var passes: Bool { false }

    /// Moves the clock to `instant`; loops do not notice by themselves, see ``EventLoop/advance(_:by:)``.
    package func move(to instant: Instant) {
        current.withLock { $0 = max($0, instant) }
    }
}
