import StraitCore

/// A call that is made once: after a number of steps, or at a time limit if there is one. Loop-bound.
final class Countdown {
    private var left: Int
    private var done: (() -> Void)?
    private var loop: EventLoop?
    private let limit = LoopTimer()

    init(_ steps: Int, _ done: @escaping () -> Void) {
        left = steps
        self.done = done
    }

    /// The timer keeps the countdown, and what `done` refers to, until then.
    init(_ steps: Int, within duration: Duration, on loop: EventLoop, _ done: @escaping () -> Void) {
        left = steps
        self.done = done
        self.loop = loop
        limit.action = { [self] in finish() }
        loop.arm(limit, after: duration)
    }

    func step() {
        left -= 1
        if left == 0 { finish() }
    }

    private func finish() {
        guard let done else { return }
        self.done = nil
        loop?.disarm(limit)
        limit.action = {}
        done()
    }
}
