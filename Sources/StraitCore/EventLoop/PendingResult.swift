/// A result that one task waits for, and that any thread delivers once.
///
/// A task of an event loop waits on its own loop, as with ``LoopWaiter``. Any other task waits in a continuation. A
/// continuation would resume a loop's task on the global pool first, which involves a third thread.
///
/// SAFETY: `@unchecked Sendable` is sound because `home`, `waiter` and `continuation` are set before `start` is called,
/// which hands the work over, and are not changed afterwards. `result` is used only on the loop of the task.
package final class PendingResult<Value: Sendable>: @unchecked Sendable {
    private var home: EventLoop?
    private var waiter: LoopWaiter?
    private var continuation: CheckedContinuation<Value, any Error>?
    private var result: Result<Value, any Error>?

    package init() {}

    /// Calls `start`, which begins the work, and waits for ``finish(_:)``. Call it once.
    ///
    /// - Parameter cancel: Called on any thread if the task is cancelled. It has to make the work end; it may be called
    ///   before `start`.
    package nonisolated(nonsending) func wait(
        _ start: @Sendable () -> Void, onCancel cancel: @Sendable () -> Void
    ) async throws -> Value {
        if let loop = EventLoop.current { return try await wait(on: loop.isolation, start, cancel) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.continuation = continuation
                start()
            }
        } onCancel: {
            cancel()
        }
    }

    private func wait(
        on isolation: isolated LoopIsolation, _ start: @Sendable () -> Void, _ cancel: @Sendable () -> Void
    ) async throws -> Value {
        home = isolation.loop
        waiter = LoopWaiter(loop: isolation.loop)
        return try await withTaskCancellationHandler {
            start()
            return try await waitForResult(isolation)
        } onCancel: {
            cancel()
        }
    }

    private func waitForResult(_ isolation: isolated LoopIsolation) async throws -> Value {
        while true {
            if let result { return try result.get() }
            _ = await waiter?.wait()
        }
    }

    /// Delivers the result. Callable from any thread, once.
    package func finish(_ result: Result<Value, any Error>) {
        guard let home else {
            continuation?.resume(with: result)
            return
        }
        if home.isOnLoop { take(result) } else { home.execute { self.take(result) } }
    }

    private func take(_ result: Result<Value, any Error>) {
        self.result = result
        waiter?.wake()
    }
}
