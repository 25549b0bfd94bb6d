internal import StraitCore
internal import Synchronization

/// A pool of connections, each of which one caller at a time can lease. Callers that find none free wait in order, with
/// a limit on their number and on their time.
package final class ConnectionPool<Connection: Sendable>: Sendable {
    /// A caller that asks for a connection.
    ///
    /// SAFETY: `@unchecked Sendable` is sound because its properties are used only under the pool's lock.
    private final class Caller: @unchecked Sendable {
        var continuation: CheckedContinuation<Connection, any Error>?
        var timer: Task<Void, Never>?
        var isCancelled = false

        /// Takes the continuation, to be resumed once outside of the lock. Ends the timer.
        func take() -> CheckedContinuation<Connection, any Error>? {
            timer?.cancel()
            timer = nil
            defer { continuation = nil }
            return continuation
        }
    }

    private struct State: ~Copyable {
        var free: [Connection]
        var waiting = Ring<Caller>()
        var isClosed = false
    }

    private enum Step {
        case leases(Connection), waits
        case fails(any Error)
    }

    /// The maximum number of callers that wait.
    package let queue: Int
    /// The maximum time that a caller waits.
    package let timeout: Duration
    private let clock: any Clock<Duration>
    private let state: Mutex<State>

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - connections: The connections to lease, at least one.
    ///   - queue: The maximum number of callers that wait.
    ///   - timeout: The maximum time that a caller waits.
    ///   - clock: The clock of the timeout.
    package init(
        _ connections: [Connection], queue: Int = 1024, timeout: Duration = .seconds(30),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        state = Mutex(State(free: connections.reversed()))
        self.queue = queue
        self.timeout = timeout
        self.clock = clock
    }

    /// The number of callers that wait.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Leases a connection, calls `body` with it, and returns it to the pool.
    ///
    /// - Throws: ``DatabaseError/Code/busy`` if no connection becomes free in time, or too many callers wait;
    ///   ``DatabaseError/Code/connection`` if the pool is closed; `CancellationError`; the error of `body`.
    package nonisolated(nonsending) func withConnection<Output>(
        _ body: nonisolated(nonsending) (Connection) async throws -> Output
    ) async throws -> Output {
        let connection = try await lease()
        defer { giveBack(connection) }
        return try await body(connection)
    }

    private nonisolated(nonsending) func lease() async throws -> Connection {
        let caller = Caller()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                place(caller, continuation)
            }
        } onCancel: {
            giveUp(caller, CancellationError(), isCancelled: true)
        }
    }

    private func place(_ caller: Caller, _ continuation: CheckedContinuation<Connection, any Error>) {
        let step = state.withLock { state -> Step in
            if caller.isCancelled { return .fails(CancellationError()) }
            if state.isClosed { return .fails(PoolFailure.closed) }
            if let connection = state.free.popLast() { return .leases(connection) }
            guard state.waiting.count < queue else { return .fails(PoolFailure.full(queue)) }
            caller.continuation = continuation
            caller.timer = Task { [weak self, clock, timeout] in
                do { try await clock.sleep(for: timeout) } catch { return }
                self?.giveUp(caller, PoolFailure.late(timeout), isCancelled: false)
            }
            state.waiting.append(caller)
            return .waits
        }
        switch step {
        case .leases(let connection): continuation.resume(returning: connection)
        case .fails(let error): continuation.resume(throwing: error)
        case .waits: break
        }
    }

    /// Ends the wait of a caller, if it still waits.
    private func giveUp(_ caller: Caller, _ error: any Error, isCancelled: Bool) {
        let continuation = state.withLock { state in
            caller.isCancelled = caller.isCancelled || isCancelled
            state.waiting.removeAll { $0 === caller }
            return caller.take()
        }
        continuation?.resume(throwing: error)
    }

    private func giveBack(_ connection: Connection) {
        let next = state.withLock { state -> CheckedContinuation<Connection, any Error>? in
            if let next = state.waiting.popFirst()?.take() { return next }
            state.free.append(connection)
            return nil
        }
        next?.resume(returning: connection)
    }

    /// Fails all callers that wait, and later ones. Leased connections can still be used.
    package func close() {
        let waiting = state.withLock { state -> [CheckedContinuation<Connection, any Error>] in
            state.isClosed = true
            var continuations: [CheckedContinuation<Connection, any Error>] = []
            while let caller = state.waiting.popFirst() {
                if let continuation = caller.take() { continuations.append(continuation) }
            }
            return continuations
        }
        for continuation in waiting { continuation.resume(throwing: PoolFailure.closed) }
    }
}

/// The errors of a ``ConnectionPool``.
private enum PoolFailure {
    static let closed = DatabaseError(.connection, "The database is closed, because the site is stopping.")

    static func full(_ limit: Int) -> DatabaseError {
        DatabaseError(
            .busy,
            "\(limit) callers already wait for a database connection. Make transactions shorter, or allow more "
                + "connections.")
    }

    static func late(_ timeout: Duration) -> DatabaseError {
        DatabaseError(
            .busy,
            "No database connection became free within \(timeout.components.seconds) seconds. Make transactions "
                + "shorter, or allow more connections.")
    }
}
