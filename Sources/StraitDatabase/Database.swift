public import FoundationEssentials
public import StraitCore
internal import Synchronization

/// A database of a site, as a service; inside ``atomic(isolation:isReadOnly:retries:_:)``, the transaction.
public final class Database: Service {
    private enum Source: Sendable {
        case driver(any DatabaseDriver)
        case transaction(Transaction)
    }

    private let source: Source
    let counters: DatabaseCounters
    private let retry: TransactionRetry
    /// The tables, of which the drivers know nothing.
    package let schema: (any DatabaseSchema)?
    /// The function that returns the current time, for fields that are set to it.
    package let now: @Sendable () -> Date
    /// The watch that counts queries, with DEBUG.
    private let watch: StatementWatch?

    /// Creates a database on an SQLite file, which it opens at the first use.
    ///
    /// - Parameters:
    ///   - path: The path of the file, or `:memory:` for a database that ends with the process.
    ///   - schema: The models of the site.
    ///   - now: Returns the current time, for fields that are set to it.
    public convenience init(
        sqlite path: String, schema: (any DatabaseSchema)? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.init(SQLiteDatabase(path: path), schema: schema, now: now)
    }

    /// Creates a database from a URL, and connects at the first use:
    ///
    /// * `postgres://user:password@host:port/name`, with libpq's parameters such as `?sslmode=require`; with
    ///   `?host=/folder` for the Unix socket in that folder
    /// * `sqlite:///relative.db`, `sqlite:////absolute.db`, and `sqlite::memory:` for a database in memory
    ///
    /// - Parameters:
    ///   - url: The URL, such as the value of `DATABASE_URL`.
    ///   - connections: The maximum number of connections to PostgreSQL. The server allows all processes together 100
    ///     unless it is configured otherwise.
    ///   - log: The log for outages.
    ///   - schema: The models of the site.
    ///   - now: Returns the current time, for fields that are set to it.
    /// - Throws: ``DatabaseURLError`` for a URL that cannot be read.
    public convenience init(
        url: String, connections: Int = 10, log: Log = Log(), schema: (any DatabaseSchema)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(DatabaseURLError) {
        switch try DatabaseURL(url) {
        case .sqlite(let path): self.init(SQLiteDatabase(path: path), schema: schema, now: now)
        case .postgreSQL(let configuration):
            self.init(
                PostgresDatabase(configuration, connections: connections, log: log), schema: schema, now: now)
        }
    }

    /// Creates a database with a driver. `retry` has the delays between the attempts of `atomic`.
    package init(
        _ driver: any DatabaseDriver, retry: TransactionRetry = TransactionRetry(),
        schema: (any DatabaseSchema)? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        source = .driver(driver)
        counters = DatabaseCounters()
        self.retry = retry
        self.schema = schema
        self.now = now
        watch = nil
    }

    private init(_ source: Source, _ outer: Database, _ watch: StatementWatch?) {
        self.source = source
        counters = outer.counters
        retry = outer.retry
        schema = outer.schema
        now = outer.now
        self.watch = watch
    }

    /// Returns the same database, whose queries are counted.
    package func watched(by watch: StatementWatch) -> Database { Database(source, self, watch) }

    private convenience init(_ transaction: Transaction, _ outer: Database) {
        self.init(.transaction(transaction), outer, outer.watch)
    }

    private var connection: any DatabaseConnection {
        switch source {
        case .driver(let driver): driver
        case .transaction(let transaction): transaction
        }
    }

    /// The driver; in a transaction, nil.
    var driver: (any DatabaseDriver)? {
        if case .driver(let driver) = source { driver } else { nil }
    }

    /// The engine, on which the text of statements depends.
    public var engine: DatabaseEngine { connection.engine }

    // MARK: Statements

    /// Runs a statement and returns the number of changed rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await counters.count { try await connection.execute(sql) }
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
    ///   - decode: Reads a row. It runs on the connection's thread or event loop.
    /// - Throws: ``DatabaseError``; `CancellationError`.
    public func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool = false,
        _ decode: @escaping @Sendable (borrowing DatabaseRow) throws(DatabaseError) -> Output
    ) async throws -> [Output] {
        watch?.note(sql)
        return try await counters.count { try await connection.query(sql, isWrite: isWrite, decode) }
    }

    /// Runs a statement that only reads, and calls `body` with some of its rows at a time, so that a large result needs
    /// little memory.
    ///
    /// ```swift
    /// try await database.query("SELECT name FROM zoo_animal", inBatchesOf: 500) { row throws(DatabaseError) in
    ///     try row.text(0)
    /// } forEach: { names in
    ///     try await file.append(names)
    /// }
    /// ```
    ///
    /// All rows come from one snapshot of the database, except in a transaction on SQLite: there, the query also sees
    /// rows that `body` adds. A connection stays in use until the last row is read. If `body` throws or the task is
    /// cancelled, the statement ends.
    ///
    /// - Parameters:
    ///   - sql: The statement. PostgreSQL reads it through a cursor, so it must be a query.
    ///   - batch: The maximum number of rows in one call of `body`.
    ///   - decode: Reads a row. It runs on the connection's thread or event loop.
    ///   - body: Handles a batch, which has at least one row.
    /// - Throws: ``DatabaseError``; `CancellationError`; the error of `body`.
    public nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, inBatchesOf batch: Int,
        _ decode: @escaping @Sendable (borrowing DatabaseRow) throws(DatabaseError) -> Output,
        forEach body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        let batch = max(1, batch)
        try await counters.count { try await connection.query(sql, batch: batch, decode, body) }
    }

    /// Inserts many rows with PostgreSQL's `COPY`, which is several times faster than `INSERT`. Either all rows are
    /// stored or none.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - columns: The names of the columns.
    ///   - rows: The values of each row, in the order of the columns.
    /// - Returns: The number of rows.
    /// - Throws: ``DatabaseError``, such as ``DatabaseError/Code/unique``, or ``DatabaseError/Code/other`` in SQLite,
    ///   which has no `COPY`; `CancellationError`.
    @discardableResult
    public nonisolated(nonsending) func copyIn(
        _ table: String, columns: [String], rows: some Sequence<[any DatabaseConvertible]>
    ) async throws -> Int {
        var iterator = rows.makeIterator()
        let engine = engine
        return try await counters.count {
            try await connection.copyIn(into: table, columns: columns) { () throws(DatabaseError) in
                guard let row = iterator.next() else { return nil }
                var values: [DatabaseValue] = []
                values.reserveCapacity(row.count)
                for value in row { values.append(try value.databaseValue(for: engine)) }
                return values
            }
        }
    }

    /// Closes the connections after their running statements.
    public func stop() async {
        if case .driver(let driver) = source { await driver.close() }
    }

    // MARK: Transactions

    /// Runs `body` in a transaction, which is committed when `body` returns. If `body` throws or the task is
    /// cancelled, none of its changes are stored. Django's `atomic`.
    ///
    /// ```swift
    /// try await database.atomic { database in
    ///     let photo = try await database.create(draft)
    ///     try await database.create(Like.Draft(photo: photo.id, owner: user.id))
    /// }
    /// ```
    ///
    /// Inside, use the database that is passed to `body`. A nested `atomic` on it is a savepoint: it can fail without
    /// ending the transaction, and takes no options. In SQLite, no other caller can write meanwhile, so `body` should
    /// not wait for anything else. In PostgreSQL, a statement that fails ends the transaction, unless it is in a
    /// nested `atomic`.
    ///
    /// - Parameters:
    ///   - isolation: The isolation from other transactions, or nil for the database's default. SQLite's transactions
    ///     are always serializable.
    ///   - isReadOnly: Whether the transaction changes nothing. SQLite then does not make other writers wait.
    ///   - retries: The number of times that `body` is run again if the transaction conflicts with another one, or
    ///     had to wait too long for a lock (``DatabaseError/isRetryable``). A random, growing delay precedes each new
    ///     run.
    /// - Throws: The error of `body`; ``DatabaseError``, such as ``DatabaseError/Code/unknownOutcome`` if the
    ///   connection is lost during the commit; `CancellationError`.
    public nonisolated(nonsending) func atomic<Output: Sendable>(
        isolation: IsolationLevel? = nil, isReadOnly: Bool = false, retries: Int = 0,
        _ body: nonisolated(nonsending) (Database) async throws -> Output
    ) async throws -> Output {
        switch source {
        case .transaction(let transaction):
            guard isolation == nil, !isReadOnly, retries == 0 else {
                throw DatabaseError(
                    .other,
                    "A nested atomic is part of the outer transaction, so it cannot set isolation, isReadOnly or "
                        + "retries. Pass them to the outer atomic.")
            }
            return try await transaction.savepoint { try await body(Database($0, self)) }
        case .driver(let driver):
            let options = TransactionOptions(isolation: isolation, isReadOnly: isReadOnly)
            var attempt = 0
            while true {
                do {
                    return try await run(on: driver, options, body)
                } catch let error as DatabaseError where error.isRetryable && attempt < retries {
                    try await retry.wait(before: attempt)
                    attempt += 1
                }
            }
        }
    }

    private nonisolated(nonsending) func run<Output: Sendable>(
        on driver: any DatabaseDriver, _ options: TransactionOptions,
        _ body: nonisolated(nonsending) (Database) async throws -> Output
    ) async throws -> Output {
        let (output, actions) = try await driver.transaction(options) { connection in
            let transaction = Transaction(connection)
            defer { transaction.end() }
            let database = Database(transaction, self)
            let output = try await body(database)
            try await transaction.flush(in: database)
            return (output, transaction.actions)
        }
        for action in actions { await action() }
        return output
    }

    /// Runs `action` after the transaction is committed, and never if it is rolled back; Django's `on_commit`. Outside
    /// of a transaction, it runs at once.
    public func onCommit(_ action: @escaping @Sendable () async -> Void) async {
        switch source {
        case .driver: await action()
        case .transaction(let transaction): transaction.add(action)
        }
    }

    /// Whether this is a transaction.
    package var isTransaction: Bool { driver == nil }

    /// Adds an item to the transaction. Right before the commit, `flush` gets all items of this kind, and the
    /// transaction to store them in. If a savepoint is rolled back, the items that were added in it are dropped.
    ///
    /// - Precondition: This is a transaction. Otherwise nothing happens.
    package func beforeCommit(
        _ item: any Sendable, kind: String,
        _ flush: @escaping @Sendable ([any Sendable], Database) async throws -> Void
    ) {
        if case .transaction(let transaction) = source { transaction.add(item, kind: kind, flush) }
    }

    // MARK: Notifications

    /// Listens on a channel of PostgreSQL (`LISTEN`), and returns its notifications from that moment on.
    ///
    /// ```swift
    /// for await element in try await database.notifications(on: "orders") { … }
    /// ```
    ///
    /// They arrive on a connection of its own, which is opened again if it is lost. The sequence then has a
    /// ``DatabaseNotifications/Element/missed``.
    ///
    /// - Parameters:
    ///   - channel: The name of the channel, at most 63 bytes.
    ///   - limit: The maximum number of queued bytes. Further notifications are dropped and counted.
    /// - Throws: ``DatabaseError``; ``DatabaseError/Code/other`` in a transaction, and in SQLite, which has no
    ///   notifications.
    public nonisolated(nonsending) func notifications(
        on channel: String, limit: Int = 1 << 20
    ) async throws -> DatabaseNotifications {
        guard let driver else {
            throw DatabaseError(.other, "A transaction cannot listen. Use the database that atomic was called on.")
        }
        if driver.engine == .postgreSQL { try Self.check(channel: channel) }
        return try await driver.listen(on: channel, limit: limit)
    }

    /// Sends a notification on a channel of PostgreSQL; in a transaction, when it is committed.
    ///
    /// - Parameters:
    ///   - channel: The name of the channel, at most 63 bytes.
    ///   - payload: The text, less than 8,000 bytes.
    /// - Throws: ``DatabaseError``; ``DatabaseError/Code/other`` in SQLite, which has no notifications.
    public func notify(_ channel: String, _ payload: String = "") async throws {
        guard engine == .postgreSQL else {
            throw DatabaseError(
                .other,
                "SQLite has no notifications. Use a channel layer, or PostgreSQL, to tell other connections of changes."
            )
        }
        try Self.check(channel: channel)
        guard payload.utf8.count < 8000 else {
            throw DatabaseError(
                .limit,
                "The payload of a notification has \(payload.utf8.count) bytes, but PostgreSQL allows 7,999. Store "
                    + "the data in a table, and send its ID.")
        }
        _ = try await query("SELECT pg_notify(\(channel), \(payload))") { _ in 0 }
    }

    private static func check(channel: String) throws(DatabaseError) {
        guard (1...63).contains(channel.utf8.count), !channel.utf8.contains(0) else {
            throw DatabaseError(
                .limit,
                "Invalid channel name \(channel.debugDescription) of \(channel.utf8.count) bytes: PostgreSQL allows "
                    + "1 to 63 bytes without U+0000. Choose another name.")
        }
    }
}

/// The tables of a site, which ``Database`` carries for the code that queries them.
public protocol DatabaseSchema: Sendable {}
