import StraitCore

/// A countdown that calls `done` once: after its last step, or at its time limit if it has one. Loop-bound.
final class Countdown {
    private var left: Int
    private var done: (() -> Void)?
    private var loop: EventLoop?
    private let limit = LoopTimer()

    init(_ steps: Int, _ done: @escaping () -> Void) {
        left = steps
        self.done = done
    }

    /// Creates a countdown with a time limit. Its timer keeps the countdown and the captures of `done` alive until
    /// `done` is called.
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
