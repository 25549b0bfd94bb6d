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

/// A point in time on an event loop's clock, in nanoseconds since an arbitrary start.
public struct Instant: InstantProtocol, Sendable, Hashable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant that is `duration` later.
    public func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds &+ duration.nanoseconds)
    }

    /// The time from this instant to `other`; negative if `other` is earlier.
    public func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds &- nanoseconds)
    }

    /// Whether the left instant is earlier than the right one.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The duration in whole nanoseconds. A duration that overflows (over 292 years) becomes about 146 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min / 2 : .max / 2) : whole &+ attoseconds / 1_000_000_000
    }
}

/// The clock of an event loop, which its timers use. In tests, it can be a manual clock.
public struct LoopClock: Clock, Sendable {
    private let loop: EventLoop

    package init(loop: EventLoop) {
        self.loop = loop
    }

    /// The current time.
    public var now: Instant { loop.time.now }
    /// The resolution of the loop's timers: one millisecond.
    public var minimumResolution: Duration { .milliseconds(1) }

    /// Waits until `deadline`. It can be called from any context. On the loop itself, the wait costs one entry in the
    /// loop's list of ready jobs and involves no other thread.
    ///
    /// - Throws: `CancellationError`, at once, if the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await sleep(until: deadline, isGuest: !loop.isOnLoop, loop.isolation)
    }

    /// Waits until `deadline`, on the loop.
    ///
    /// - Parameter isGuest: Whether the task came from another executor, such as a child task that a handler started.
    ///   The loop does not know whether other tasks await a guest, so it does not count a guest as waiting.
    private func sleep(
        until deadline: Instant, isGuest: Bool, _ isolation: isolated LoopIsolation
    ) async throws {
        try Task.checkCancellation()
        guard deadline > loop.now else { return }
        if isGuest { loop.waits &-= 1 }
        defer { if isGuest { loop.waits &+= 1 } }
        let waiter = LoopWaiter(loop: loop)
        let timer = LoopTimer { waiter.wake(true) }
        loop.arm(timer, at: deadline)
        let hasEnded = await waiter.waitUnlessCancelled(isolation)
        loop.disarm(timer)
        guard hasEnded else { throw CancellationError() }
    }

    /// Waits for `duration`. The standard library's method of this name would leave the loop and return to it.
    ///
    /// - Throws: `CancellationError`, at once, if the task is cancelled.
    public func sleep(for duration: Duration, tolerance: Duration? = nil) async throws {
        try await sleep(until: now.advanced(by: duration), tolerance: tolerance)
    }
}
