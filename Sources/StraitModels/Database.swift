public import StraitCore
internal import Synchronization

/// A database of a site, a service. In ``atomic(_:)``, it is the transaction.
public final class Database: Service {
    private enum Source: Sendable {
        case file(SQLiteDatabase)
        case transaction(Transaction)
    }

    private let source: Source

    /// Creates a database on an SQLite file, which it opens at the first use.
    ///
    /// - Parameter path: The path of the file, or `:memory:` for a database that ends with the process.
    public init(sqlite path: String) {
        source = .file(SQLiteDatabase(path: path))
    }

    private init(_ transaction: Transaction) {
        source = .transaction(transaction)
    }

    /// Runs a statement and returns the number of changed rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await write { try $0.execute(sql) }
    }

    /// Calls `body` on a thread with a connection that may only read, except in a transaction.
    func read<Output: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Output) async throws -> Output
    {
        switch source {
        case .file(let file): try await file.read(body)
        case .transaction(let transaction): try await transaction.run(body)
        }
    }

    /// Calls `body` on a thread with a connection that writes.
    func write<Output: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Output) async throws -> Output
    {
        switch source {
        case .file(let file): try await file.write(body)
        case .transaction(let transaction): try await transaction.run(body)
        }
    }

    /// Closes the connections after their running statements.
    public func stop() async {
        if case .file(let file) = source { await file.close() }
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
        case .transaction(let transaction): return try await transaction.savepoint { try await body(Database($0)) }
        case .file(let file):
            let (output, actions) = try await file.transaction { thread in
                let transaction = Transaction(thread)
                defer { transaction.end() }
                let output = try await body(Database(transaction))
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
        case .file: await action()
        case .transaction(let transaction): transaction.add(action)
        }
    }
}

/// A transaction that is open, with the actions that follow its commit.
private final class Transaction: Sendable {
    typealias Action = @Sendable () async -> Void

    private struct State {
        var actions: [Action] = []
        var savepoints = 0
        var hasEnded = false
    }

    private let thread: SQLiteThread
    private let state = Mutex(State())

    init(_ thread: SQLiteThread) {
        self.thread = thread
    }

    var actions: [Action] { state.withLock { $0.actions } }

    func add(_ action: @escaping Action) {
        state.withLock { $0.actions.append(action) }
    }

    /// Notes that the connection is given back, and later calls must fail.
    func end() {
        state.withLock { $0.hasEnded = true }
    }

    func run<Output: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Output) async throws -> Output {
        guard !state.withLock({ $0.hasEnded }) else {
            throw DatabaseError(
                .other, "The transaction has ended. After atomic, use the database that atomic was called on.")
        }
        return try await thread.run { connection in
            guard connection.isInTransaction else {
                throw DatabaseError(
                    .other, "The database has rolled the transaction back after an earlier error. Run atomic again.")
            }
            return try body(connection)
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
        try await run { _ = try $0.execute("SAVEPOINT \(name)") }
        do {
            let output = try await body(self)
            try await run { _ = try $0.execute("RELEASE \(name)") }
            return output
        } catch {
            state.withLock { $0.actions = Array($0.actions.prefix(before)) }
            try await thread.undo(to: name)
            throw error
        }
    }
}
