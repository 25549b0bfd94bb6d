internal import CLinux

/// The loops of one process, one a core unless told otherwise.
package final class EventLoopGroup: Sendable {
    package let loops: [EventLoop]

    /// The number of cores that this process may run on.
    package static var coreCount: Int { max(1, Int(strait_core_count())) }

    /// Starts `count` loops that read `time`.
    package init(count: Int, time: any TimeSource = SystemTime()) {
        loops = (0..<max(1, count)).map { EventLoop(index: $0, time: time) }
        for loop in loops { loop.start() }
    }

    /// Ends the threads of the loops after their current turn.
    package func stop() {
        for loop in loops { loop.stop() }
    }

    /// Returns once none of the loops has anything to do but to wait.
    ///
    /// Meant for loops whose clock is moved by hand. Each loop is asked in turn how much was handed to it when it was
    /// idle, and then all are asked again: where the numbers are the same, no loop was given anything in between, so all
    /// were idle at the moment that lies between the two rounds. Other threads' work is not waited for. A loop that has
    /// ended is idle.
    ///
    /// - Returns: Whether every task of the loops waits on its loop, so that, with such a clock, none of them can go on
    ///   before the clock is moved or somebody else hands something over. Otherwise one is at work elsewhere.
    @discardableResult
    package func idle() async -> Bool {
        var before = await whenIdle()
        while loops.count > 1 {
            let after = await whenIdle()
            // The question itself is handed over too.
            if zip(before, after).allSatisfy({ $1.handOvers &- $0.handOvers == 1 }) { return allWait(after) }
            before = after
        }
        return allWait(before)
    }

    private func allWait(_ states: [IdleState]) -> Bool { states.allSatisfy(\.everyTaskWaits) }

    /// What an idle loop says of itself.
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

    /// Moves a clock that is moved by hand by `duration`, stopping at every deadline in between, and returns when
    /// everything that this set off has been done.
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
