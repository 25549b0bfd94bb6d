import StraitCore
internal import Synchronization

/// A connection that listens on a channel. It reconnects as long as it is not stopped.
final class PostgresListener: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var connection: PostgresConnection?
        var isStopped = false
    }

    let queue: NotificationQueue
    private let connector: PostgresConnector
    private let channel: String
    private let state = Mutex(State())

    init(_ connector: PostgresConnector, channel: String, limit: Int) {
        self.connector = connector
        self.channel = channel
        queue = NotificationQueue(limit: limit)
    }

    /// Connects and begins to listen. Returns when the server has accepted `LISTEN`.
    nonisolated(nonsending) func start() async throws {
        let ends = try await listen()
        // The task holds the listener until `stop`.
        let task = Task { await keep(ends) }
        let isStopped = state.withLock { state in
            state.task = task
            return state.isStopped
        }
        if isStopped { task.cancel() }
    }

    /// Connects and listens. Returns a sequence that ends with the connection.
    private nonisolated(nonsending) func listen() async throws -> AsyncStream<Void> {
        let connection = try await connector.connect()
        let isStopped = state.withLock { state in
            state.connection = connection
            return state.isStopped
        }
        if isStopped {
            connection.abort()
            throw PostgresConnector.closed
        }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let queue = queue
        connection.listen(
            { _, payload, process in
                queue.add(DatabaseNotification(payload: payload, process: Int(process)))
            }, ended: { end.finish() })
        do {
            try await connection.run(
                PostgresStatement("LISTEN \(SQL(trusted: SQL.quoted(channel)))", isCached: false) { _ in })
        } catch {
            connection.abort()
            throw error
        }
        return ends
    }

    /// Waits for the end of the connection, and opens the next.
    private func keep(_ first: AsyncStream<Void>) async {
        var ends = first
        while true {
            for await _ in ends {}
            if Task.isCancelled { break }
            while true {
                do {
                    ends = try await listen()
                    queue.miss()
                    break
                } catch {
                    if Task.isCancelled || state.withLock({ $0.isStopped }) { return queue.finish() }
                    // An error such as a wrong password comes at once, and again.
                    do { try await connector.pause() } catch { return queue.finish() }
                }
            }
        }
        queue.finish()
    }

    /// Closes the connection and ends the sequence.
    func stop() {
        let (task, connection) = state.withLock { state in
            state.isStopped = true
            return (state.task, state.connection)
        }
        task?.cancel()
        connection?.abort()
        queue.finish()
    }
}
