/// The clock of an event loop: the time of its timers, and of the manual clock in tests.
public struct LoopClock: Clock, Sendable {
    private let loop: EventLoop

    package init(loop: EventLoop) {
        self.loop = loop
    }

    public var now: Instant { loop.time.now }
    public var minimumResolution: Duration { .milliseconds(1) }

    /// Waits until `deadline`; callable from anywhere. On the loop itself the wait costs one entry in its list of ready
    /// jobs, and no other thread takes part in it.
    ///
    /// - Throws: `CancellationError`, at once, where the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await sleep(until: deadline, isGuest: !loop.isOnLoop, loop.isolation)
    }

    /// - Parameter isGuest: Whether the task came from elsewhere, as one that a handler started beside itself does: while
    ///   it waits here, nothing is known of who waits for it.
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
        let isOver = await waiter.waitUnlessCancelled(isolation)
        loop.disarm(timer)
        guard isOver else { throw CancellationError() }
    }

    /// Waits for `duration`. The standard library's method of this name would leave the loop and come back.
    ///
    /// - Throws: `CancellationError`, at once, where the task is cancelled.
    public func sleep(for duration: Duration, tolerance: Duration? = nil) async throws {
        try await sleep(until: now.advanced(by: duration), tolerance: tolerance)
    }
}
