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
        try await Sleeper(loop: loop).sleep(until: deadline, loop.isolation)
    }

    /// Waits for `duration`. The standard library's method of this name would leave the loop and come back.
    ///
    /// - Throws: `CancellationError`, at once, where the task is cancelled.
    public func sleep(for duration: Duration, tolerance: Duration? = nil) async throws {
        try await sleep(until: now.advanced(by: duration), tolerance: tolerance)
    }
}

/// One wait of one task.
///
/// `@unchecked Sendable` is sound because everything in it is touched on the loop alone.
private final class Sleeper: @unchecked Sendable {
    private let loop: EventLoop
    private let timer = LoopTimer()
    private let waiter: LoopWaiter
    private var isCancelled = false

    init(loop: EventLoop) {
        self.loop = loop
        waiter = LoopWaiter(loop: loop)
    }

    func sleep(until deadline: Instant, _ isolation: isolated LoopIsolation) async throws {
        // The operation names the isolation, or it would run on the global pool and come back.
        let isOver = await withTaskCancellationHandler {
            await self.wait(until: deadline, isolation)
        } onCancel: {
            self.cancel()
        }
        guard isOver else { throw CancellationError() }
    }

    private func wait(until deadline: Instant, _ isolation: isolated LoopIsolation) async -> Bool {
        if isCancelled { return false }
        guard deadline > loop.now else { return true }
        timer.action = { [waiter] in waiter.wake(true) }
        loop.arm(timer, at: deadline)
        return await waiter.wait()
    }

    /// Ends the wait early. Called on whatever thread cancels the task.
    func cancel() {
        if loop.isOnLoop { cancelOnLoop() } else { loop.execute { self.cancelOnLoop() } }
    }

    private func cancelOnLoop() {
        isCancelled = true
        loop.disarm(timer)
        waiter.wake(false)
    }
}
