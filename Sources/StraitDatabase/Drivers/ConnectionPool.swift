internal import StraitCore
internal import Synchronization

/// A pool of connections, each of which one caller at a time can lease. Callers that find none free wait in order,
/// with a limit on their number and on their time.
package final class ConnectionPool<Connection: Sendable>: Sendable {
    /// A caller that waits for a connection.
    ///
    /// SAFETY: `@unchecked Sendable` is sound because its variables are used only under the pool's lock.
    private final class Caller: @unchecked Sendable {
        let pending = PendingResult<Connection>()
        var deadline = Duration.zero
        var isWaiting = false
        var isCancelled = false
    }

    private struct State: ~Copyable {
        var free: [Connection]
        var waiting = Ring<Caller>()
        var isClosed = false
        /// The task that ends the waits of callers at their deadlines. All wait equally long, so one task is enough.
        var timer: Task<Void, Never>?
    }

    private enum Step {
        case leases(Connection), waits
        case fails(any Error)
    }

    /// The maximum number of callers that wait.
    package let queue: Int
    /// The maximum time that a caller waits.
    package let timeout: Duration
    /// Returns the connection to lease: the index of one that is free.
    private let choice: @Sendable ([Connection]) -> Int
    private let clock: any Clock<Duration>
    /// Returns the time of the clock since the pool was created.
    private let now: @Sendable () -> Duration
    private let state: Mutex<State>

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - connections: The connections to lease, at least one.
    ///   - queue: The maximum number of callers that wait.
    ///   - timeout: The maximum time that a caller waits.
    ///   - clock: The clock of the timeout.
    ///   - choice: Returns the index of the connection to lease, of those that are free. By default, the last one that
    ///     was given back is leased.
    package init(
        _ connections: [Connection], queue: Int = 1024, timeout: Duration = .seconds(30),
        clock: any Clock<Duration> = ContinuousClock(),
        choice: @escaping @Sendable (_ free: [Connection]) -> Int = { $0.count - 1 }
    ) {
        state = Mutex(State(free: connections.reversed()))
        self.queue = queue
        self.timeout = timeout
        self.clock = clock
        self.choice = choice
        now = clock.elapsedTime
    }

    deinit { state.withLock { $0.timer }?.cancel() }

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
        if !Task.isCancelled, let connection = state.withLock({ $0.isClosed ? nil : takeFree(&$0) }) {
            return connection
        }
        let caller = Caller()
        return try await caller.pending.wait {
            place(caller)
        } onCancel: {
            cancel(caller)
        }
    }

    private func takeFree(_ state: inout State) -> Connection? {
        state.free.isEmpty ? nil : state.free.remove(at: choice(state.free))
    }

    private func place(_ caller: Caller) {
        let now = now()
        let step = state.withLock { state -> Step in
            if caller.isCancelled { return .fails(CancellationError()) }
            if state.isClosed { return .fails(PoolFailure.closed) }
            if let connection = takeFree(&state) { return .leases(connection) }
            guard state.waiting.count < queue else { return .fails(PoolFailure.full(queue)) }
            caller.isWaiting = true
            caller.deadline = now + timeout
            state.waiting.append(caller)
            if state.timer == nil {
                state.timer = Task { [weak self, clock, timeout] in
                    var pause: Duration? = timeout
                    while let time = pause {
                        do { try await clock.sleep(for: time) } catch { return }
                        pause = self?.endLateWaits()
                    }
                }
            }
            return .waits
        }
        switch step {
        case .leases(let connection): caller.pending.finish(.success(connection))
        case .fails(let error): caller.pending.finish(.failure(error))
        case .waits: break
        }
    }

    /// Ends the waits that are too long. Returns the time until the next deadline, or nil without callers.
    private func endLateWaits() -> Duration? {
        let now = now()
        let (late, pause) = state.withLock { state -> ([Caller], Duration?) in
            var late: [Caller] = []
            while let caller = state.waiting.first, caller.deadline <= now {
                caller.isWaiting = false
                late.append(caller)
                _ = state.waiting.popFirst()
            }
            guard let next = state.waiting.first else {
                state.timer = nil
                return (late, nil)
            }
            return (late, next.deadline - now)
        }
        for caller in late { caller.pending.finish(.failure(PoolFailure.late(timeout))) }
        return pause
    }

    private func cancel(_ caller: Caller) {
        let wasWaiting = state.withLock { state in
            caller.isCancelled = true
            guard caller.isWaiting else { return false }
            caller.isWaiting = false
            state.waiting.removeAll { $0 === caller }
            return true
        }
        if wasWaiting { caller.pending.finish(.failure(CancellationError())) }
    }

    private func giveBack(_ connection: Connection) {
        let next = state.withLock { state -> Caller? in
            guard let next = state.waiting.popFirst() else {
                state.free.append(connection)
                return nil
            }
            next.isWaiting = false
            return next
        }
        next?.pending.finish(.success(connection))
    }

    /// Fails all callers that wait, and later ones. Leased connections can still be used.
    package func close() {
        let waiting = state.withLock { state -> [Caller] in
            state.isClosed = true
            state.timer?.cancel()
            state.timer = nil
            var callers: [Caller] = []
            while let caller = state.waiting.popFirst() {
                caller.isWaiting = false
                callers.append(caller)
            }
            return callers
        }
        for caller in waiting { caller.pending.finish(.failure(PoolFailure.closed)) }
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
                + "shorter, or allow more connections. Inside atomic, use the database that its closure gets.")
    }
}
