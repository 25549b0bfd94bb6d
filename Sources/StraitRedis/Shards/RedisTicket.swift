import StraitLayers
import StraitNetwork

/// What somebody elsewhere waits for to be done on the loop of Redis. Resumed once; cancelled from anywhere. Loop-bound but for
/// its creation.
///
/// `@unchecked Sendable` is sound because everything in it is touched on the loop alone, once it was made.
final class RedisTicket<Value: Sendable>: @unchecked Sendable {
    private var continuation: CheckedContinuation<Value, any Error>?
    private var isCancelled = false
    /// The command that is under way for it.
    var call: RedisCall?

    /// Whether somebody waits still.
    var isOpen: Bool { continuation != nil }

    /// False where it was cancelled before.
    fileprivate func begin(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        if isCancelled {
            continuation.resume(throwing: CancellationError())
            return false
        }
        self.continuation = continuation
        return true
    }

    func finish(_ result: Result<Value, any Error>) {
        guard let continuation else { return }
        self.continuation = nil
        call = nil
        continuation.resume(with: result)
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
    /// Runs `body` on the loop and returns what it gives its ticket. A task that is cancelled waits no longer, and a command
    /// that has not left by then never does.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unavailable(_:)``; `CancellationError`.
    func ask<Value: Sendable>(_ body: @escaping @Sendable (RedisTicket<Value>) -> Void) async throws -> Value {
        let ticket = RedisTicket<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAccepted = executeUnlessEnded {
                    if ticket.begin(continuation) { body(ticket) }
                }
                if !isAccepted {
                    continuation.resume(throwing: LayerError.unavailable("The event loop of Redis has ended."))
                }
            }
        } onCancel: {
            execute { ticket.cancel() }
        }
    }
}
