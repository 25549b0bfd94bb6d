/// Reads one row of a result.
package typealias RowDecoder<Output> = @Sendable (borrowing DatabaseRow) throws(DatabaseError) -> Output

/// The connections to one database, as ``Database`` uses them.
package protocol DatabaseDriver: DatabaseConnection {
    /// Calls `body` with a connection in a transaction. Commits when `body` returns, and rolls back if it throws or the
    /// task is cancelled.
    nonisolated(nonsending) func transaction<Output: Sendable>(
        _ body: nonisolated(nonsending) (any TransactionConnection) async throws -> Output
    ) async throws -> Output

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

    /// Runs a statement and returns the number of changed rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    func execute(_ sql: SQL) async throws -> Int
}

/// A connection that is in a transaction.
package protocol TransactionConnection: DatabaseConnection {
    /// Rolls back to a savepoint and removes it, also if the task is cancelled. Does nothing if the database has rolled
    /// back the whole transaction.
    nonisolated(nonsending) func undo(to savepoint: SQL) async throws
}
