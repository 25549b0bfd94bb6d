internal import Synchronization

/// A transaction that is open, with the actions that follow its commit.
final class Transaction: DatabaseConnection {
    typealias Action = @Sendable () async -> Void
    typealias Flush = @Sendable ([any Sendable], Database) async throws -> Void

    private struct State {
        var actions: [Action] = []
        /// The items that are stored right before the commit, each with its kind.
        var items: [(kind: String, item: any Sendable)] = []
        var flushes: [String: Flush] = [:]
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

    /// Adds an item that `flush` stores right before the commit, with all others of its kind.
    func add(_ item: any Sendable, kind: String, _ flush: @escaping Flush) {
        state.withLock { state in
            state.items.append((kind, item))
            state.flushes[kind] = flush
        }
    }

    /// Stores the items that were added, kind by kind in the order of their first items.
    nonisolated(nonsending) func flush(in database: Database) async throws {
        let (items, flushes) = state.withLock { ($0.items, $0.flushes) }
        var done: Set<String> = []
        for kind in items.map(\.kind) where done.insert(kind).inserted {
            try await flushes[kind]?(items.filter { $0.kind == kind }.map(\.item), database)
        }
    }

    /// Marks the transaction as ended, so that later calls fail.
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
        let (number, before, items) = state.withLock { state in
            state.savepoints += 1
            return (state.savepoints, state.actions.count, state.items.count)
        }
        let name = SQL(trusted: "s\(number)")
        _ = try await execute("SAVEPOINT \(name)")
        do {
            let output = try await body(self)
            _ = try await execute("RELEASE SAVEPOINT \(name)")
            return output
        } catch {
            state.withLock { state in
                state.actions = Array(state.actions.prefix(before))
                state.items = Array(state.items.prefix(items))
            }
            try await connection.undo(to: name)
            throw error
        }
    }
}
