internal import Synchronization

/// The clock of an event loop: the time of its timers, and of the manual clock in tests.
public struct LoopClock: Clock, Sendable {
    private let loop: EventLoop

    package init(loop: EventLoop) {
        self.loop = loop
    }

    public var now: Instant { loop.time.now }
    public var minimumResolution: Duration { .milliseconds(1) }

    /// Waits until `deadline`; callable from anywhere.
    ///
    /// - Throws: `CancellationError`, at once, where the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let sleeper = Sleeper(loop: loop)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sleeper.begin($0, until: deadline) }
        } onCancel: {
            sleeper.cancel()
        }
    }
}

/// One wait of one task. What it holds is touched on the loop alone, except for the flag that says it is over.
///
/// `@unchecked Sendable` is sound because `timer` is touched on the loop alone and `waiter` is behind a lock.
private final class Sleeper: @unchecked Sendable {
    private enum Waiter {
        case none
        case waiting(CheckedContinuation<Void, any Error>)
        case over
    }

    private let loop: EventLoop
    private let timer = LoopTimer()
    private let waiter = Mutex(Waiter.none)

    init(loop: EventLoop) {
        self.loop = loop
    }

    func begin(_ continuation: CheckedContinuation<Void, any Error>, until deadline: Instant) {
        let isOver = waiter.withLock { waiter in
            if case .over = waiter { return true }
            waiter = .waiting(continuation)
            return false
        }
        if isOver { return continuation.resume(throwing: CancellationError()) }
        onLoop { [self] in
            if case .over = waiter.withLock({ $0 }) { return }
            timer.action = { [self] in end(.success(())) }
            loop.arm(timer, at: deadline)
        }
    }

    func cancel() {
        end(.failure(CancellationError()))
        onLoop { [self] in loop.disarm(timer); timer.action = {} }
    }

    private func end(_ result: Result<Void, any Error>) {
        let waiting = waiter.withLock { waiter -> CheckedContinuation<Void, any Error>? in
            defer { waiter = .over }
            if case .waiting(let continuation) = waiter { return continuation }
            return nil
        }
        waiting?.resume(with: result)
    }

    private func onLoop(_ call: @escaping @Sendable () -> Void) {
        if loop.isOnLoop { call() } else { loop.execute(call) }
    }
}
