import StraitNetwork

/// Where a communicator's application runs: the loop of a manual clock, or one of its own that reads the machine's.
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
        // A loop of its own ends when what was dropped with it has been told so.
        if clock == nil { loop.executeUnlessEnded { [loop] in loop.whenIdle { loop.stop() } } }
    }

    /// What `outbox` holds first.
    ///
    /// - Parameters:
    ///   - limit: How long to wait for it, in real time. Where a manual clock stands and nothing is left to run, the
    ///     wait ends before.
    ///   - takes: Whether the element is taken out.
    ///   - whole: What the caller was given for several waits, of which `limit` is left.
    /// - Returns: Nil where the outbox has ended.
    /// - Throws: ``CommunicatorError`` with code `timeout` or `idle`; `CancellationError`.
    func next<Element>(
        of outbox: Outbox<Element>, within limit: Duration, takes: Bool = true, of whole: Duration? = nil,
        for purpose: String
    ) async throws -> Element? {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            // Asked first: what was put until then is found below.
            let isSettled = await clock?.isSettled(within: max(left, .milliseconds(1))) ?? false
            // Asked before: an element and the end may both come between two questions.
            let hasEnded = outbox.hasEnded
            if let element = takes ? outbox.take() : outbox.first { return element }
            if hasEnded { return nil }
            if isSettled { throw CommunicatorError(idleWhile: purpose) }
            if left <= .zero { throw CommunicatorError(timeout: whole ?? limit, purpose) }
            // What is at work off the loop cannot be asked when it is done.
            await outbox.wait(for: clock == nil ? left : min(left, .milliseconds(1)))
            try Task.checkCancellation()
        }
    }
}
