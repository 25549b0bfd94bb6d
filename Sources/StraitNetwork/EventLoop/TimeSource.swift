internal import Glibc
internal import Synchronization

/// An event loop's source of time: the machine's clock, or a manual clock in tests.
package protocol TimeSource: Sendable {
    var now: Instant { get }
    /// The time of day in seconds since 1970, for logs and `Date` headers.
    var wallClock: Int64 { get }
    /// Whether time passes by itself; false for a manual clock.
    var passes: Bool { get }
}

/// The `CLOCK_MONOTONIC` clock, which neither jumps nor runs backwards.
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

/// A clock for tests that changes only when it is moved.
package final class ManualTime: TimeSource {
    private let current: Mutex<Instant>
    private let epoch: Int64

    /// Creates a clock at zero. `epoch` is the time of day at that moment, in seconds since 1970.
    package init(epoch: Int64 = 1_700_000_000) {
        current = Mutex(Instant(nanoseconds: 0))
        self.epoch = epoch
    }

    package var now: Instant { current.withLock { $0 } }
    package var wallClock: Int64 { epoch &+ now.nanoseconds / 1_000_000_000 }
    package var passes: Bool { false }

    /// Moves the clock to `instant`. Loops do not notice this by themselves; see ``EventLoopGroup/advance(_:by:)``.
    package func move(to instant: Instant) {
        current.withLock { $0 = max($0, instant) }
    }
}
