import StraitCore
import StraitTesting

/// A gate at which handlers on one loop wait until the test releases them, in order.
///
/// SAFETY: `@unchecked Sendable` is sound because all state is accessed only on the loop.
final class Gate: @unchecked Sendable {
    private let loop: EventLoop
    private var waiting: [LoopWaiter] = []
    private var isOpen = false

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Waits for ``pass()`` or ``open()``. Cancellation does not end the wait.
    func wait() async {
        if isOpen { return }
        let waiter = LoopWaiter(loop: loop)
        waiting.append(waiter)
        _ = await waiter.wait()
    }

    /// Releases the handler that has waited longest.
    func pass() async {
        await loop.perform { [self] in
            if !waiting.isEmpty { waiting.removeFirst().wake() }
        }
    }

    /// Releases all handlers, including later ones.
    func open() async {
        await loop.perform { [self] in
            isOpen = true
            for waiter in waiting { waiter.wake() }
            waiting = []
        }
    }
}
