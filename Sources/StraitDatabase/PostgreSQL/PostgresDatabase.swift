package import StraitCore
internal import Synchronization

/// A PostgreSQL database: a pool of connections.
///
/// Each connection is opened when it is first needed, and replaced if it was lost. A caller gets a connection on its
/// own event loop if one is free, because a change of threads costs more than a short statement.
package final class PostgresDatabase: DatabaseDriver {
    private let connector: PostgresConnector
    private let sessions: [PostgresSession]
    private let pool: ConnectionPool<PostgresSession>
    private let listeners = Mutex<[PostgresListener]>([])

    /// Creates a database, which opens connections at the first use.
    ///
    /// - Parameters:
    ///   - configuration: The address of the database.
    ///   - connections: The maximum number of connections, without those that listen for notifications.
    ///   - queue: The maximum number of callers that wait for a connection.
    ///   - timeout: The maximum time that a caller waits for a connection.
    ///   - delay: The delays between attempts to connect.
    ///   - clock: The clock of the timeout and the delays.
    ///   - log: The log for outages.
    package init(
        _ configuration: PostgresConfiguration, connections: Int = 10, queue: Int = 1024,
        timeout: Duration = .seconds(30), delay: RetryDelay = RetryDelay(),
        clock: any Clock<Duration> = ContinuousClock(), log: Log = Log()
    ) {
        let connector = PostgresConnector(configuration, delay: delay, clock: clock, log: log)
        self.connector = connector
        sessions = (0..<max(1, connections)).map { _ in PostgresSession(connector) }
        pool = ConnectionPool(
            sessions, queue: queue, timeout: timeout, clock: clock, choice: PostgresSession.nearest)
    }

    package var engine: DatabaseEngine { .postgreSQL }

    package var usage: DatabaseUsage {
        DatabaseUsage(connections: sessions.count { $0.isOpen }, waiting: pool.waitingCount)
    }

    package func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool, _ decode: @escaping RowDecoder<Output>
    ) async throws -> [Output] {
        try await run(PostgresStatement(sql, decode: decode))
    }

    package func execute(_ sql: SQL) async throws -> Int {
        try await run(PostgresStatement(sql) { $0.changedRows })
    }

    /// Runs a statement outside of a transaction.
    private nonisolated(nonsending) func run<Output>(_ statement: PostgresStatement<Output>) async throws -> Output {
        try await pool.withConnection { session in
            let connection = try await session.connection()
            let output = try await connection.run(statement)
            if statement.endsInTransaction {
                await PostgresTransaction(connection: connection).rollBack()
                throw DatabaseError(
                    .other, "A statement began a transaction without ending it, so it was rolled back. Use atomic.")
            }
            return output
        }
    }

    /// Calls `body` with a connection in a transaction.
    package nonisolated(nonsending) func transaction<Output: Sendable>(
        _ options: TransactionOptions,
        _ body: nonisolated(nonsending) (any TransactionConnection) async throws -> Output
    ) async throws -> Output {
        try await inTransaction(options) { try await body($0) }
    }

    private nonisolated(nonsending) func inTransaction<Output: Sendable>(
        _ options: TransactionOptions, _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Output
    ) async throws -> Output {
        try await pool.withConnection { session in
            let transaction = PostgresTransaction(connection: try await session.connection())
            do {
                try await transaction.connection.run(PostgresStatement(options.begin) { _ in })
                let output = try await body(transaction)
                try Task.checkCancellation()
                try await transaction.commit()
                return output
            } catch {
                await transaction.rollBack()
                throw error
            }
        }
    }

    package nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        try await inTransaction(TransactionOptions(isReadOnly: true)) {
            try await $0.query(sql, batch: batch, decode, body)
        }
    }

    package nonisolated(nonsending) func copyIn(
        into table: String, columns: [String], _ next: () throws(DatabaseError) -> [DatabaseValue]?
    ) async throws -> Int {
        try await pool.withConnection { session in
            try await PostgresTransaction(connection: try await session.connection())
                .copyIn(into: table, columns: columns, next)
        }
    }

    /// Listens on `channel`, on a connection of its own.
    package nonisolated(nonsending) func listen(
        on channel: String, limit: Int
    ) async throws -> DatabaseNotifications {
        let listener = PostgresListener(connector, channel: channel, limit: limit)
        listeners.withLock { $0.append(listener) }
        let subscription = NotificationSubscription(queue: listener.queue) { [weak self, weak listener] in
            guard let listener else { return }
            self?.listeners.withLock { $0.removeAll { $0 === listener } }
            listener.stop()
        }
        try await listener.start()
        return DatabaseNotifications(subscription)
    }

    /// Fails the callers that wait, and closes all connections after their running statements.
    package func close() async {
        pool.close()
        connector.refuse()
        for listener in listeners.withLock({ $0 }) { listener.stop() }
        for session in sessions { await session.close() }
        await connector.stop()
    }
}

extension TransactionOptions {
    /// The statement that begins the transaction in PostgreSQL.
    fileprivate var begin: SQL {
        let level =
            switch isolation {
            case nil: ""
            case .readCommitted: " ISOLATION LEVEL READ COMMITTED"
            case .repeatableRead: " ISOLATION LEVEL REPEATABLE READ"
            case .serializable: " ISOLATION LEVEL SERIALIZABLE"
            }
        return SQL(trusted: "BEGIN" + level + (isReadOnly ? " READ ONLY" : ""))
    }
}
