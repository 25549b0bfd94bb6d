import StraitCore
internal import Synchronization

/// An ``SQLiteConnection`` with a thread of its own, so that no event loop waits for the disk.
///
/// SAFETY: `@unchecked Sendable` is sound because `connection` and `cursors` are used only on the thread, except in
/// `interrupt`, which SQLite allows while the connection exists: `running` guards that.
package final class SQLiteThread: @unchecked Sendable {
    private let thread = ThreadPool(name: "sqlite", threads: 1, queue: 64)
    private let path: String
    private let access: SQLiteConnection.Access
    private let busyTimeout: Duration
    private var connection: SQLiteConnection?
    private var isClosed = false
    /// The open cursors, by their numbers; used only on the thread.
    private var cursors: [UInt64: SQLiteCursor] = [:]
    /// The number of the call that runs, or nil.
    private let running = Mutex<UInt64?>(nil)
    private let calls = Atomic<UInt64>(0)
    private let hasOpened = Atomic<Bool>(false)

    /// Creates a connection that opens its database at the first call.
    package init(path: String, access: SQLiteConnection.Access, busyTimeout: Duration) {
        self.path = path
        self.access = access
        self.busyTimeout = busyTimeout
    }

    /// Whether the connection is open.
    var isOpen: Bool { hasOpened.load(ordering: .relaxed) }

    /// Calls `body` with the connection on its thread. If the task is cancelled, the running statement ends with
    /// ``DatabaseError/Code/cancelled``.
    ///
    /// - Throws: The error of opening the database or of `body`; `CancellationError`.
    package func run<Output: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Output
    ) async throws -> Output {
        let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
        let cancellation = Interruption()
        return try await thread.run { [self] in
            let connection = try open()
            connection.allowStatements()
            running.withLock { $0 = number }
            defer { running.withLock { $0 = nil } }
            if cancellation.isDue.load(ordering: .relaxed) { throw CancellationError() }
            return try body(connection)
        } onCancel: {
            cancellation.isDue.store(true, ordering: .relaxed)
            // Under the lock, so that no later call is interrupted.
            running.withLock { running in
                if running == number { connection?.interrupt() }
            }
        }
    }

    private func open() throws(DatabaseError) -> SQLiteConnection {
        if let connection { return connection }
        if isClosed { throw DatabaseError(.connection, "The database is closed, because the site is stopping.") }
        let opened = try SQLiteConnection(path: path, access: access, busyTimeout: busyTimeout)
        connection = opened
        hasOpened.store(true, ordering: .relaxed)
        return opened
    }

    /// Rolls back the open transaction, even if the task is cancelled. If that fails, the connection is closed, and
    /// the next call opens another.
    nonisolated(nonsending) func rollBack() async {
        // A detached task does not inherit the cancellation, which would leave the transaction open.
        await Task.detached { [self] in
            do {
                try await run { connection in
                    // Some errors, such as a full disk, have already rolled it back.
                    if connection.isInTransaction { try connection.execute("ROLLBACK") }
                }
            } catch {
                await closeConnection()
            }
        }.value
    }

    /// Lets the connection write again after a read-only transaction, even if the task is cancelled.
    nonisolated(nonsending) func allowWriting() async {
        // See `rollBack`.
        await Task.detached { [self] in _ = try? await run { try $0.execute("PRAGMA query_only = OFF") } }.value
    }

    /// Rolls back to a savepoint and removes it, even if the task is cancelled.
    package nonisolated(nonsending) func undo(to savepoint: SQL) async throws {
        // See `rollBack`.
        try await Task.detached { [self] in
            try await run { connection in
                guard connection.isInTransaction else { return }
                try connection.execute("ROLLBACK TO \(savepoint)")
                try connection.execute("RELEASE \(savepoint)")
            }
        }.value
    }

    /// Runs a statement, and calls `body` with at most `batch` rows at a time.
    nonisolated(nonsending) func read<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
        do {
            try await run { [self] in cursors[number] = try $0.begin(sql) }
            while true {
                let rows = try await run { [self] connection in
                    guard let cursor = cursors[number] else { return [Output]() }
                    return try connection.next(batch, of: cursor, decode)
                }
                if !rows.isEmpty { try await body(rows) }
                if rows.count < batch { break }
            }
        } catch {
            await end(number)
            throw error
        }
        await end(number)
    }

    /// Ends a cursor, even if the task is cancelled.
    private nonisolated(nonsending) func end(_ number: UInt64) async {
        // See `rollBack`. If the thread has stopped, it has closed the cursors with the connection.
        await Task.detached { [self] in
            _ = try? await run { [self] in
                if let cursor = cursors.removeValue(forKey: number) { $0.end(cursor) }
            }
        }.value
    }

    /// Closes the connection and ends the thread, after the running call.
    package func close() async {
        await closeConnection(forGood: true)
        await thread.stop()
    }

    private func closeConnection(forGood: Bool = false) async {
        // See `rollBack`. If it fails, the thread has stopped, and no call uses the connection any more.
        await Task.detached { [self] in
            _ = try? await thread.run { [self] in
                isClosed = isClosed || forGood
                cursors = [:]
                hasOpened.store(false, ordering: .relaxed)
                running.withLock { _ in connection = nil }
            }
        }.value
    }
}

extension SQLiteThread: TransactionConnection {
    package var engine: DatabaseEngine { .sqlite }

    package func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool, _ decode: @escaping RowDecoder<Output>
    ) async throws -> [Output] {
        try await run { connection in
            try Self.checkTransaction(connection)
            return try connection.query(sql, decode)
        }
    }

    package func execute(_ sql: SQL) async throws -> Int {
        try await run { connection in
            try Self.checkTransaction(connection)
            return try connection.execute(sql)
        }
    }

    package nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        try await run { try Self.checkTransaction($0) }
        try await read(sql, batch: batch, decode, body)
    }

    package nonisolated(nonsending) func copyIn(
        into table: String, columns: [String], _ next: () throws(DatabaseError) -> [DatabaseValue]?
    ) async throws -> Int {
        throw SQLiteDatabase.noCopy
    }

    static func checkTransaction(_ connection: SQLiteConnection) throws(DatabaseError) {
        guard connection.isInTransaction else {
            throw DatabaseError(
                .other, "The database rolled back the transaction after an earlier error. Run atomic again.")
        }
    }
}
