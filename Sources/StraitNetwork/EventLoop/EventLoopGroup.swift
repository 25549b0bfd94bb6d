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
    /// Meant for loops whose clock is moved by hand: a loop that waits may be given work by another, so every round
    /// that found a loop at work is followed by another round.
    package func idle() async {
        var calm = 0
        while calm < 2 {
            let before = loops.map(\.turnCount)
            for loop in loops {
                await withCheckedContinuation { continuation in
                    loop.execute { loop.whenIdle { continuation.resume() } }
                }
            }
            let after = loops.map(\.turnCount)
            // One loop alone is idle at its first word; several are when nobody worked in between.
            let busy = zip(before, after).contains { $1 &- $0 > 3 }
            calm = loops.count == 1 ? 2 : busy ? 0 : calm + 1
        }
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
                    loop.execute { continuation.resume(returning: loop.nextDeadline) }
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
