import StraitCore
import StraitLayers

/// A pending result that a caller on another thread waits for. It is resolved once, and can be cancelled from any
/// thread. Loop-bound, except for its creation.
///
/// SAFETY: `@unchecked Sendable` is sound because all state is used on the loop only, after creation.
final class PendingReply<Value: Sendable>: @unchecked Sendable {
    /// The completion handler, or nil after the result.
    private var answer: ((Result<Value, any Error>) -> Void)?
    private var isCancelled = false
    /// The command in progress.
    var call: RedisCall?

    /// Whether the caller still waits.
    var isOpen: Bool { answer != nil }

    /// Sets the completion handler. Returns false if the reply was cancelled before.
    fileprivate func begin(_ answer: @escaping (Result<Value, any Error>) -> Void) -> Bool {
        if isCancelled {
            answer(.failure(CancellationError()))
            return false
        }
        self.answer = answer
        return true
    }

    func finish(_ result: Result<Value, any Error>) {
        guard let answer else { return }
        self.answer = nil
        call = nil
        answer(result)
    }

    func succeed(_ value: Value) { finish(.success(value)) }

    func fail(_ failure: RedisFailure) {
        switch failure {
        case .cancelled: finish(.failure(CancellationError()))
        default: finish(.failure(LayerError.unavailable(failure.description)))
        }
    }

    fileprivate func cancel() {
        isCancelled = true
        let call = call
        finish(.failure(CancellationError()))
        call?.cancel()
    }
}

extension PendingReply where Value == Void {
    func succeed() { finish(.success(())) }

    /// Finishes with Redis' reply: any value is a success.
    func finish(_ reply: Result<RedisValue, RedisFailure>) {
        switch reply {
        case .success: succeed()
        case .failure(let failure): fail(failure)
        }
    }
}

extension EventLoop {
    /// Runs `body` on the loop and returns the result of its pending reply.
    ///
    /// A cancelled task stops waiting. If its command has not been sent by then, it never is.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unavailable(_:)``; `CancellationError`.
    nonisolated(nonsending) func ask<Value: Sendable>(
        _ body: @escaping @Sendable (PendingReply<Value>) -> Void
    ) async throws -> Value {
        if let home = EventLoop.current, home !== self { return try await ask(from: home, home.isolation, body) }
        let pending = PendingReply<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAccepted = executeUnlessEnded {
                    if pending.begin({ continuation.resume(with: $0) }) { body(pending) }
                }
                if !isAccepted { continuation.resume(throwing: Self.hasEnded) }
            }
        } onCancel: {
            execute { pending.cancel() }
        }
    }

    /// The variant for a task on another event loop, which waits on that loop. A continuation would resume on a third
    /// thread.
    private func ask<Value: Sendable>(
        from home: EventLoop, _ isolation: isolated LoopIsolation,
        _ body: @escaping @Sendable (PendingReply<Value>) -> Void
    ) async throws -> Value {
        let pending = PendingReply<Value>()
        // SAFETY: The reply is used only on the home loop.
        nonisolated(unsafe) let reply = RedisReply<Value>(home)
        let isAccepted = executeUnlessEnded {
            let isOpen = pending.begin { result in home.execute { unsafe reply.take(result) } }
            if isOpen { body(pending) }
        }
        guard isAccepted else { throw Self.hasEnded }
        while true {
            if let result = unsafe reply.result { return try result.get() }
            if await unsafe reply.waiter.waitUnlessCancelled(isolation) || !Task.isCancelled { continue }
            execute { pending.cancel() }
            throw CancellationError()
        }
    }

    private static var hasEnded: LayerError { .unavailable("The event loop of Redis has ended.") }
}

/// The result of a pending reply, for a task that waits on another loop. Bound to that loop.
private final class RedisReply<Value: Sendable> {
    let waiter: LoopWaiter
    private(set) var result: Result<Value, any Error>?

    init(_ loop: EventLoop) { waiter = LoopWaiter(loop: loop) }

    func take(_ result: Result<Value, any Error>) {
        self.result = result
        waiter.wake()
    }
}
