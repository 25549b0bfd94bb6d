import StraitCore

/// The event loop of a communicator's application: a manual clock's loop, or a separate loop on the system's clock.
final class TestLoop: Sendable {
    let loop: EventLoop
    let clock: ManualClock?

    init(_ clock: ManualClock?) {
        self.clock = clock
        if let clock {
            loop = clock.group.loops[0]
        } else {
            loop = EventLoop()
            loop.start()
        }
    }

    deinit {
        // The separate loop stops after objects that are released together with it have been notified.
        if clock == nil { loop.executeUnlessEnded { [loop] in loop.whenIdle { loop.stop() } } }
    }

    /// Returns the first element of `outbox`.
    ///
    /// - Parameters:
    ///   - limit: The maximum real time to wait. If a manual clock is stopped and no work is left, the wait ends
    ///     earlier.
    ///   - takes: Whether to remove the element.
    ///   - whole: The caller's complete timeout for several waits, for the error's text.
    /// - Returns: The element, or nil if the outbox has ended.
    /// - Throws: ``CommunicatorError`` with code `timeout` or `idle`, or `CancellationError`.
    func next<Element>(
        of outbox: Outbox<Element>, within limit: Duration, takes: Bool = true, of whole: Duration? = nil,
        for purpose: String
    ) async throws -> Element? {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            // Check this first: the code below then finds every element that was added before.
            let isSettled = await clock?.isSettled(within: max(left, .milliseconds(1))) ?? false
            // Check this before the elements: an element and the end may both arrive in between.
            let hasEnded = outbox.hasEnded
            if let element = takes ? outbox.take() : outbox.first { return element }
            if hasEnded { return nil }
            if isSettled { throw CommunicatorError(idleWhile: purpose) }
            if left <= .zero { throw CommunicatorError(timeout: whole ?? limit, purpose) }
            // Work outside the loop does not report its end, so check again later.
            await outbox.wait(for: clock == nil ? left : min(left, .milliseconds(1)))
            try Task.checkCancellation()
        }
    }
}
