/// Reads one row of a result.
package typealias RowDecoder<Output> = @Sendable (borrowing DatabaseRow) throws(DatabaseError) -> Output

/// The connections to one database, as ``Database`` uses them.
package protocol DatabaseDriver: DatabaseConnection {
    /// Calls `body` with a connection in a transaction. Commits when `body` returns, and rolls back if it throws or the
    /// task is cancelled.
    nonisolated(nonsending) func transaction<Output: Sendable>(
        _ options: TransactionOptions,
        _ body: nonisolated(nonsending) (any TransactionConnection) async throws -> Output
    ) async throws -> Output

    /// Listens on a channel. `limit` is the maximum number of bytes that wait for the listener.
    nonisolated(nonsending) func listen(on channel: String, limit: Int) async throws -> DatabaseNotifications

    /// The number of connections and of callers that wait for one.
    var usage: DatabaseUsage { get }

    /// Fails the callers that wait for a connection, and closes all connections after their running statements.
    func close() async
}

/// An object that runs statements: a driver, or the connection of a transaction.
package protocol DatabaseConnection: Sendable {
    /// The engine, on which the text of statements depends.
    var engine: DatabaseEngine { get }

    /// Runs a statement and returns the rows of its result.
    ///
    /// - Parameter isWrite: Whether the statement may change rows.
    /// - Throws: ``DatabaseError``; `CancellationError`.
    func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool, _ decode: @escaping RowDecoder<Output>
    ) async throws -> [Output]

    /// Runs a statement that only reads, and calls `body` with at most `batch` rows at a time.
    nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws

    /// Runs a statement and returns the number of changed rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    func execute(_ sql: SQL) async throws -> Int

    /// Copies the rows that `next` returns into a table, until it returns nil. Returns their number.
    nonisolated(nonsending) func copyIn(
        into table: String, columns: [String], _ next: () throws(DatabaseError) -> [DatabaseValue]?
    ) async throws -> Int
}

/// A connection that is in a transaction.
package protocol TransactionConnection: DatabaseConnection {
    /// Rolls back to a savepoint and removes it, even if the task is cancelled. Does nothing if the database has
    /// rolled back the whole transaction.
    nonisolated(nonsending) func undo(to savepoint: SQL) async throws
}

/// The connections of a driver.
package struct DatabaseUsage: Sendable {
    /// The number of open connections.
    package var connections: Int
    /// The number of callers that wait for a connection.
    package var waiting: Int
}
