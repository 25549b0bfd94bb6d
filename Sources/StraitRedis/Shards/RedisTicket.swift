import StraitLayers
import StraitNetwork

/// What somebody elsewhere waits for to be done on the loop of Redis. Resumed once; cancelled from anywhere. Loop-bound
/// but for its creation.
///
/// `@unchecked Sendable` is sound because everything in it is touched on the loop alone, once it was made.
final class RedisTicket<Value: Sendable>: @unchecked Sendable {
    /// Tells who waits; nil once that is done.
    private var answer: ((Result<Value, any Error>) -> Void)?
    private var isCancelled = false
    /// The command that is under way for it.
    var call: RedisCall?

    /// Whether somebody waits still.
    var isOpen: Bool { answer != nil }

    /// False where it was cancelled before.
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

extension RedisTicket where Value == Void {
    func succeed() { finish(.success(())) }

    /// Finishes with what Redis said, whatever it was.
    func finish(_ reply: Result<RedisValue, RedisFailure>) {
        switch reply {
        case .success: succeed()
        case .failure(let failure): fail(failure)
        }
    }
}

extension EventLoop {
    /// Runs `body` on the loop and returns what it gives its ticket. A task that is cancelled waits no longer, and a
    /// command that has not left by then never does.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unavailable(_:)``; `CancellationError`.
    nonisolated(nonsending) func ask<Value: Sendable>(
        _ body: @escaping @Sendable (RedisTicket<Value>) -> Void
    ) async throws -> Value {
        if let home = EventLoop.current, home !== self { return try await ask(from: home, home.isolation, body) }
        let ticket = RedisTicket<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAccepted = executeUnlessEnded {
                    if ticket.begin({ continuation.resume(with: $0) }) { body(ticket) }
                }
                if !isAccepted { continuation.resume(throwing: Self.hasEnded) }
            }
        } onCancel: {
            execute { ticket.cancel() }
        }
    }

    /// The same for a task of another loop, which waits there: a continuation would be resumed on yet another thread.
    private func ask<Value: Sendable>(
        from home: EventLoop, _ isolation: isolated LoopIsolation,
        _ body: @escaping @Sendable (RedisTicket<Value>) -> Void
    ) async throws -> Value {
        let ticket = RedisTicket<Value>()
        // Sound: the reply is followed on the home loop alone.
        nonisolated(unsafe) let reply = RedisReply<Value>(home)
        let isAccepted = executeUnlessEnded {
            let isOpen = ticket.begin { result in home.execute { unsafe reply.take(result) } }
            if isOpen { body(ticket) }
        }
        guard isAccepted else { throw Self.hasEnded }
        while unsafe reply.result == nil {
            if await unsafe reply.waiter.waitUnlessCancelled(isolation) || !Task.isCancelled { continue }
            execute { ticket.cancel() }
            throw CancellationError()
        }
        return try unsafe reply.result!.get()
    }

    private static var hasEnded: LayerError { .unavailable("The event loop of Redis has ended.") }
}

/// What a ticket said, and who waits for it on another loop. Bound to that one.
private final class RedisReply<Value: Sendable> {
    let waiter: LoopWaiter
    private(set) var result: Result<Value, any Error>?

    init(_ loop: EventLoop) { waiter = LoopWaiter(loop: loop) }

    func take(_ result: Result<Value, any Error>) {
        self.result = result
        waiter.wake()
    }
}
