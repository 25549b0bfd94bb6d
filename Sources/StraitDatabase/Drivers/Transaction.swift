internal import Synchronization

/// A transaction that is open, with the actions that follow its commit.
final class Transaction: DatabaseConnection {
    typealias Action = @Sendable () async -> Void

    private struct State {
        var actions: [Action] = []
        var savepoints = 0
        var hasEnded = false
    }

    private let connection: any TransactionConnection
    private let state = Mutex(State())

    init(_ connection: any TransactionConnection) {
        self.connection = connection
    }

    var engine: DatabaseEngine { connection.engine }

    var actions: [Action] { state.withLock { $0.actions } }

    func add(_ action: @escaping Action) {
        state.withLock { $0.actions.append(action) }
    }

    /// Notes that the connection is given back, and later calls must fail.
    func end() {
        state.withLock { $0.hasEnded = true }
    }

    func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool, _ decode: @escaping RowDecoder<Output>
    ) async throws -> [Output] {
        try check()
        return try await connection.query(sql, isWrite: isWrite, decode)
    }

    nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        try check()
        try await connection.query(sql, batch: batch, decode, body)
    }

    func execute(_ sql: SQL) async throws -> Int {
        try check()
        return try await connection.execute(sql)
    }

    nonisolated(nonsending) func copyIn(
        into table: String, columns: [String], _ next: () throws(DatabaseError) -> [DatabaseValue]?
    ) async throws -> Int {
        try check()
        return try await connection.copyIn(into: table, columns: columns, next)
    }

    private func check() throws(DatabaseError) {
        guard !state.withLock({ $0.hasEnded }) else {
            throw DatabaseError(
                .other, "The transaction has ended. After atomic, use the database that atomic was called on.")
        }
    }

    /// Runs `body`, and undoes its changes and actions if it throws.
    nonisolated(nonsending) func savepoint<Output: Sendable>(
        _ body: nonisolated(nonsending) (Transaction) async throws -> Output
    ) async throws -> Output {
        let (number, before) = state.withLock { state in
            state.savepoints += 1
            return (state.savepoints, state.actions.count)
        }
        let name = SQL(trusted: "s\(number)")
        _ = try await execute("SAVEPOINT \(name)")
        do {
            let output = try await body(self)
            _ = try await execute("RELEASE SAVEPOINT \(name)")
            return output
        } catch {
            state.withLock { $0.actions = Array($0.actions.prefix(before)) }
            try await connection.undo(to: name)
            throw error
        }
    }
}
