public import FoundationEssentials
public import StraitCore
internal import Synchronization

/// A database of a site, a service. In ``atomic(_:)``, it is the transaction.
public final class Database: Service {
    private enum Source: Sendable {
        case driver(any DatabaseDriver)
        case transaction(Transaction)
    }

    private let source: Source
    /// The tables, of which the drivers know nothing.
    package let schema: (any DatabaseSchema)?
    /// Returns the current time, for fields that get it.
    package let now: @Sendable () -> Date

    /// Creates a database on an SQLite file, which it opens at the first use.
    ///
    /// - Parameters:
    ///   - path: The path of the file, or `:memory:` for a database that ends with the process.
    ///   - schema: The models of the site.
    ///   - now: Returns the current time, for fields that get it.
    public convenience init(
        sqlite path: String, schema: (any DatabaseSchema)? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.init(.driver(SQLiteDatabase(path: path)), schema, now)
    }

    private init(_ source: Source, _ schema: (any DatabaseSchema)?, _ now: @escaping @Sendable () -> Date) {
        self.source = source
        self.schema = schema
        self.now = now
    }

    /// The same database in a transaction.
    private func within(_ transaction: Transaction) -> Database { Database(.transaction(transaction), schema, now) }

    private var connection: any DatabaseConnection {
        switch source {
        case .driver(let driver): driver
        case .transaction(let transaction): transaction
        }
    }

    /// The engine, on which the text of statements depends.
    public var engine: DatabaseEngine { connection.engine }

    /// Runs a statement and returns the number of changed rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await connection.execute(sql)
    }

    /// Runs a statement and returns its rows, each read by `decode`.
    ///
    /// ```swift
    /// let names = try await database.query("SELECT name FROM zoo_keeper") { row throws(DatabaseError) in
    ///     try row.text(0)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - isWrite: Whether the statement may change rows. Without it, SQLite uses a connection that only reads.
    ///   - decode: Reads a row. It runs on the database's thread.
    /// - Throws: ``DatabaseError``; `CancellationError`.
    public func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool = false,
        _ decode: @escaping @Sendable (borrowing DatabaseRow) throws(DatabaseError) -> Output
    ) async throws -> [Output] {
        try await connection.query(sql, isWrite: isWrite, decode)
    }

    /// Closes the connections after their running statements.
    public func stop() async {
        if case .driver(let driver) = source { await driver.close() }
    }

    // MARK: Transactions

    /// Runs `body` in a transaction, which is committed when `body` returns. If `body` throws or the task is cancelled,
    /// nothing of it is stored; Django's `atomic`.
    ///
    /// ```swift
    /// try await database.atomic { database in
    ///     let photo = try await database.create(draft)
    ///     try await database.create(Like.Draft(photo: photo.id, owner: user.id))
    /// }
    /// ```
    ///
    /// Inside, use the database that is passed to `body`. Another `atomic` on it is a part that can fail by itself (a
    /// savepoint). In SQLite, no other caller can write meanwhile, so `body` should wait for nothing else.
    ///
    /// - Throws: The error of `body`; ``DatabaseError``; `CancellationError`.
    public nonisolated(nonsending) func atomic<Output: Sendable>(
        _ body: nonisolated(nonsending) (Database) async throws -> Output
    ) async throws -> Output {
        switch source {
        case .transaction(let transaction): return try await transaction.savepoint { try await body(within($0)) }
        case .driver(let driver):
            let (output, actions) = try await driver.transaction { connection in
                let transaction = Transaction(connection)
                defer { transaction.end() }
                let output = try await body(within(transaction))
                return (output, transaction.actions)
            }
            for action in actions { await action() }
            return output
        }
    }

    /// Runs `action` after the transaction is committed, and never if it is rolled back; Django's `on_commit`. Outside
    /// of a transaction, it runs at once.
    public func onCommit(_ action: @escaping @Sendable () async -> Void) async {
        switch source {
        case .driver: await action()
        case .transaction(let transaction): transaction.add(action)
        }
    }
}

/// The tables of a site, which ``Database`` carries for the code that queries them.
public protocol DatabaseSchema: Sendable {}

/// A transaction that is open, with the actions that follow its commit.
private final class Transaction: DatabaseConnection {
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

    func execute(_ sql: SQL) async throws -> Int {
        try check()
        return try await connection.execute(sql)
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
