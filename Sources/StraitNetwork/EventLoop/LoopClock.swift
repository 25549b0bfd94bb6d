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
        let isOver = await waiter.waitUnlessCancelled(isolation)
        loop.disarm(timer)
        guard isOver else { throw CancellationError() }
    }

    /// Waits for `duration`. The standard library's method of this name would leave the loop and return to it.
    ///
    /// - Throws: `CancellationError`, at once, if the task is cancelled.
    public func sleep(for duration: Duration, tolerance: Duration? = nil) async throws {
        try await sleep(until: now.advanced(by: duration), tolerance: tolerance)
    }
}
