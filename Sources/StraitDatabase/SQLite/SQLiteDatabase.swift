/// An SQLite database: one connection that writes and several that read. Readers never wait for the writer.
///
/// A database in memory has a single connection for both, because each connection would have a database of its own.
package final class SQLiteDatabase: DatabaseDriver {
    private let writers: ConnectionPool<SQLiteThread>
    private let readers: ConnectionPool<SQLiteThread>
    private let threads: [SQLiteThread]

    /// Creates a database, which opens its file at the first use.
    ///
    /// - Parameters:
    ///   - path: The path of the file, or `:memory:`.
    ///   - readers: The number of connections that read at once.
    ///   - busyTimeout: The maximum time that a statement waits for the lock of another process.
    ///   - queue: The maximum number of callers that wait for a connection.
    ///   - timeout: The maximum time that a caller waits for a connection.
    ///   - clock: The clock of that timeout.
    package init(
        path: String, readers: Int = 4, busyTimeout: Duration = .seconds(5), queue: Int = 1024,
        timeout: Duration = .seconds(30), clock: any Clock<Duration> = ContinuousClock()
    ) {
        let writer = SQLiteThread(path: path, access: .readWrite, busyTimeout: busyTimeout)
        let readThreads =
            path == ":memory:"
            ? []
            : (0..<max(1, readers)).map { _ in
                SQLiteThread(path: path, access: .readOnly, busyTimeout: busyTimeout)
            }
        threads = readThreads + [writer]
        writers = ConnectionPool([writer], queue: queue, timeout: timeout, clock: clock)
        self.readers =
            readThreads.isEmpty ? writers : ConnectionPool(readThreads, queue: queue, timeout: timeout, clock: clock)
    }

    /// Calls `body` on a thread with a connection that reads.
    package func read<Output: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Output
    ) async throws -> Output {
        try await readers.withConnection { try await $0.run(body) }
    }

    /// Calls `body` on a thread with the connection that writes.
    package func write<Output: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Output
    ) async throws -> Output {
        try await writers.withConnection { thread in
            try await thread.run { connection in
                let output = try body(connection)
                if connection.isInTransaction {
                    try connection.execute("ROLLBACK")
                    throw DatabaseError(
                        .other,
                        "A statement began a transaction without ending it, so it was rolled back. Use atomic.")
                }
                return output
            }
        }
    }

    package var engine: DatabaseEngine { .sqlite }

    package func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool, _ decode: @escaping RowDecoder<Output>
    ) async throws -> [Output] {
        if isWrite { return try await write { try $0.query(sql, decode) } }
        return try await read { try $0.query(sql, decode) }
    }

    package func execute(_ sql: SQL) async throws -> Int {
        try await write { try $0.execute(sql) }
    }

    package nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        try await readers.withConnection { try await $0.read(sql, batch: batch, decode, body) }
    }

    /// Runs `body` in a transaction. It is committed when `body` returns, and rolled back if `body` throws or the task
    /// is cancelled. Transactions are always serializable.
    ///
    /// No other caller writes during a transaction that writes, so `body` should not wait for anything but the
    /// database. One that only reads sees the rows that were committed before its first statement.
    package nonisolated(nonsending) func transaction<Output: Sendable>(
        _ options: TransactionOptions = TransactionOptions(),
        _ body: nonisolated(nonsending) (any TransactionConnection) async throws -> Output
    ) async throws -> Output {
        let isReadOnly = options.isReadOnly
        return try await (isReadOnly ? readers : writers).withConnection { thread in
            let result: Result<Output, any Error>
            do {
                try await thread.run { connection in
                    // The connection of a database in memory also writes.
                    if isReadOnly { try connection.execute("PRAGMA query_only = ON") }
                    try connection.execute(isReadOnly ? "BEGIN" : "BEGIN IMMEDIATE")
                }
                let output = try await body(thread)
                try Task.checkCancellation()
                try await thread.run { connection in
                    try SQLiteThread.checkTransaction(connection)
                    try connection.execute("COMMIT")
                }
                result = .success(output)
            } catch {
                await thread.rollBack()
                result = .failure(error)
            }
            if isReadOnly, readers === writers { await thread.allowWriting() }
            return try result.get()
        }
    }

    static let noCopy = DatabaseError(
        .other, "SQLite has no COPY. Insert the rows with INSERT statements in one atomic, several rows in each.")

    package nonisolated(nonsending) func copyIn(
        into table: String, columns: [String], _ next: () throws(DatabaseError) -> [DatabaseValue]?
    ) async throws -> Int {
        throw Self.noCopy
    }

    package nonisolated(nonsending) func listen(on channel: String, limit: Int) async throws -> DatabaseNotifications {
        throw DatabaseError(
            .other,
            "SQLite has no notifications. Use a channel layer, or PostgreSQL, to tell other connections of changes.")
    }

    package var usage: DatabaseUsage {
        DatabaseUsage(
            connections: threads.count { $0.isOpen },
            waiting: readers === writers ? writers.waitingCount : writers.waitingCount + readers.waitingCount)
    }

    /// Fails the callers that wait, and closes all connections after their running calls.
    package func close() async {
        writers.close()
        readers.close()
        for thread in threads { await thread.close() }
    }
}
