internal import CLinux

/// The event loops of a process, by default one for each core.
package final class EventLoopGroup: Sendable {
    package let loops: [EventLoop]

    /// The number of cores that this process may run on.
    package static var coreCount: Int { max(1, Int(strait_core_count())) }

    /// Starts `count` loops that read `time`.
    package init(count: Int, time: any TimeSource = SystemTime()) {
        loops = (0..<max(1, count)).map { EventLoop(index: $0, time: time) }
        for loop in loops { loop.start() }
    }

    /// Ends the threads of the loops after their current turns.
    package func stop() {
        for loop in loops { loop.stop() }
    }

    /// Returns when all loops are idle. For loops with a manual clock.
    ///
    /// Each loop in turn reports its hand-over count as soon as it is idle, and then all report again. If the counts
    /// are equal, no loop received work in between, so all were idle at the same time between the two rounds. It does
    /// not wait for work on other threads. A loop that has ended counts as idle.
    ///
    /// - Returns: Whether every task of the loops waits on its loop. With a manual clock, none of them then continues
    ///   until the clock moves or other code sends work. If false, at least one task awaits something outside of the
    ///   loops.
    @discardableResult
    package func idle() async -> Bool {
        var before = await whenIdle()
        while loops.count > 1 {
            let after = await whenIdle()
            // Each report is itself one hand-over.
            if zip(before, after).allSatisfy({ $1.handOvers &- $0.handOvers == 1 }) { return allWait(after) }
            before = after
        }
        return allWait(before)
    }

    private func allWait(_ states: [IdleState]) -> Bool { states.allSatisfy(\.everyTaskWaits) }

    /// The state that an idle loop reports.
    private struct IdleState {
        var handOvers: Int
        var everyTaskWaits: Bool
    }

    private func whenIdle() async -> [IdleState] {
        var states: [IdleState] = []
        for loop in loops {
            states.append(
                await withCheckedContinuation { continuation in
                    let isAccepted = loop.executeUnlessEnded {
                        loop.whenIdle {
                            continuation.resume(
                                returning: IdleState(
                                    handOvers: loop.handOverCount, everyTaskWaits: loop.everyTaskWaits))
                        }
                    }
                    if !isAccepted {
                        continuation.resume(
                            returning: IdleState(handOvers: loop.handOverCount, everyTaskWaits: true))
                    }
                })
        }
        return states
    }

    /// Moves a manual clock by `duration`, stops at every deadline in between, and returns when all resulting work is
    /// done.
    package func advance(_ time: ManualTime, by duration: Duration) async {
        let target = time.now.advanced(by: duration)
        await idle()
        while true {
            var next = target
            for loop in loops {
                let deadline = await withCheckedContinuation { (continuation: CheckedContinuation<Instant?, Never>) in
                    let isAccepted = loop.executeUnlessEnded { continuation.resume(returning: loop.nextDeadline) }
                    if !isAccepted { continuation.resume(returning: nil) }
                }
                if let deadline { next = min(next, deadline) }
            }
            time.move(to: next)
            for loop in loops { loop.execute { loop.catchUp() } }
            await idle()
            if next >= target { return }
        }
    }
}
