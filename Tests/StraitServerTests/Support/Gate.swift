import StraitNetwork
import StraitTesting

/// Where handlers of one loop wait until the test lets them go on, one after the other.
///
/// `@unchecked Sendable` is sound because everything is touched on the loop alone.
final class Gate: @unchecked Sendable {
    private let loop: EventLoop
    private var waiting: [LoopWaiter] = []
    private var isOpen = false

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Waits for ``pass()`` or ``open()``. Cancellation does not end the wait: the test does.
    func wait() async {
        if isOpen { return }
        let waiter = LoopWaiter(loop: loop)
        waiting.append(waiter)
        _ = await waiter.wait()
    }

    /// Lets the handler that waits longest go on.
    func pass() async {
        await loop.perform { [self] in
            if !waiting.isEmpty { waiting.removeFirst().wake() }
        }
    }

    /// Lets all go on, those that come later too.
    func open() async {
        await loop.perform { [self] in
            isOpen = true
            for waiter in waiting { waiter.wake() }
            waiting = []
        }
    }
}
