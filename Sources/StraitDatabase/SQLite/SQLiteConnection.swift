internal import CSQLite
internal import Glibc
import StraitCore
import StraitText
internal import Synchronization

/// A connection to an SQLite database. It blocks, so it is used on a thread of its own and never on an event loop.
@safe package final class SQLiteConnection {
    /// The access that a connection has.
    package enum Access: Sendable {
        /// Reads and writes, and creates the file if there is none.
        case readWrite
        /// Only reads.
        case readOnly
    }

    /// The number of compiled statements that a connection keeps.
    static let cachedStatements = 128

    // SAFETY: valid from `init` to `deinit`, and used by one thread at a time.
    private let handle: OpaquePointer
    /// The compiled statements that are not in use, by their text.
    private var statements: [TextKey: SQLiteStatement] = [:]
    /// The number of statements that were taken, as a clock for the cache.
    private var uses = 0
    private let interruption = Interruption()

    /// Opens the database at `path`, or a database in memory for `:memory:`.
    ///
    /// A file is in WAL mode: readers do not wait for the writer. Foreign keys are enforced. A statement that finds the
    /// database locked waits up to `busyTimeout`.
    ///
    /// - Throws: ``DatabaseError/Code/connection`` if the file cannot be opened or is not a database.
    package init(
        path: String, access: Access = .readWrite, busyTimeout: Duration = .seconds(5)
    ) throws(DatabaseError) {
        var opened: OpaquePointer?
        // A reader may be the first to open a new file.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened = unsafe opened else {
            throw DatabaseError(.connection, "SQLite has no memory to open \(path).")
        }
        unsafe handle = opened
        guard code == SQLITE_OK else {
            throw DatabaseError(
                .connection,
                "The database \(path) cannot be opened: \(message). Check that its folder exists and that the server "
                    + "may write to it.")
        }
        _ = unsafe sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout.nanoseconds / 1_000_000))
        _ = unsafe strait_configure(handle)
        unsafe SQLiteRegex.install(on: handle)
        // SAFETY: the connection owns the interruption and is closed before it is released.
        unsafe sqlite3_progress_handler(
            handle, 10_000,
            { context in
                guard let context = unsafe context else { return 0 }
                let interruption = unsafe Unmanaged<Interruption>.fromOpaque(context).takeUnretainedValue()
                return interruption.isDue.load(ordering: .relaxed) ? 1 : 0
            }, Unmanaged.passUnretained(interruption).toOpaque())
        do {
            try run("PRAGMA foreign_keys = ON")
            if access == .readWrite { try useWAL(within: busyTimeout) }
            try run("PRAGMA synchronous = NORMAL")
            if access == .readOnly { try run("PRAGMA query_only = ON") }
        } catch {
            throw DatabaseError(
                .connection, "The database \(path) cannot be used: \(error.description)")
        }
    }

    /// Switches the file to WAL mode. SQLite does not wait by itself for connections that read the file meanwhile.
    private func useWAL(within timeout: Duration) throws(DatabaseError) {
        let pause = 10_000
        for attempt in 0... {
            do throws(DatabaseError) {
                return try run("PRAGMA journal_mode = WAL")
            } catch {
                guard error.code == .busy, attempt * pause < timeout.nanoseconds / 1000 else { throw error }
                usleep(UInt32(pause))
            }
        }
    }

    deinit {
        statements = [:]
        // SAFETY: all statements are finalized. If one were left, SQLite would close after its end.
        unsafe sqlite3_close_v2(handle)
    }

    // MARK: Statements

    /// Runs a statement to its end and returns the number of changed rows. Rows that it returns are dropped.
    @discardableResult
    package func execute(_ sql: SQL) throws(DatabaseError) -> Int {
        let before = unsafe sqlite3_total_changes64(handle)
        try withStatement(sql) { statement throws(DatabaseError) in
            while try step(statement) {}
        }
        // A statement that changes no rows leaves the count of the one before.
        return unsafe sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    /// Runs a statement and calls `body` with each row of its result.
    package func query<Output>(
        _ sql: SQL, _ body: (borrowing DatabaseRow) throws(DatabaseError) -> Output
    ) throws(DatabaseError) -> [Output] {
        var rows: [Output] = []
        try withStatement(sql) { statement throws(DatabaseError) in
            let row = DatabaseRow(statement)
            while try step(statement) { rows.append(try body(row)) }
        }
        return rows
    }

    /// Begins a statement whose rows are read piece by piece.
    func begin(_ sql: SQL) throws(DatabaseError) -> SQLiteCursor {
        let (text, values) = try rendered(sql)
        let key = TextKey(text)
        let statement = try take(text, key)
        do throws(DatabaseError) {
            try bind(values, to: statement)
        } catch {
            statement.reset()
            keep(statement, key)
            throw error
        }
        return SQLiteCursor(statement: statement, key: key)
    }

    /// Reads at most `count` rows.
    func next<Output>(_ count: Int, of cursor: SQLiteCursor, _ decode: RowDecoder<Output>) throws(DatabaseError)
        -> [Output]
    {
        var rows: [Output] = []
        let row = DatabaseRow(cursor.statement)
        while rows.count < count, try step(cursor.statement) { rows.append(try decode(row)) }
        return rows
    }

    /// Ends the statement.
    func end(_ cursor: SQLiteCursor) {
        cursor.statement.reset()
        keep(cursor.statement, cursor.key)
    }

    /// The ID of the row that was inserted last.
    package var lastInsertedID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Makes the running statement end with ``DatabaseError/Code/cancelled``. Callable from any thread while the
    /// connection exists.
    package func interrupt() {
        // The flag also ends a statement that is about to begin.
        interruption.isDue.store(true, ordering: .relaxed)
        unsafe sqlite3_interrupt(handle)
    }

    /// Allows statements again after ``interrupt()``.
    func allowStatements() { interruption.isDue.store(false, ordering: .relaxed) }

    private func run(_ text: String) throws(DatabaseError) {
        _ = try execute(SQL(trusted: text))
    }

    /// Steps to the next row. Returns false at the end.
    private func step(_ statement: SQLiteStatement) throws(DatabaseError) -> Bool {
        switch statement.step() {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    /// Calls `body` with the compiled statement and its bound parameters.
    private func withStatement(
        _ sql: SQL, _ body: (SQLiteStatement) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        let (text, values) = try rendered(sql)
        let key = TextKey(text)
        let statement = try take(text, key)
        defer {
            statement.reset()
            keep(statement, key)
        }
        try bind(values, to: statement)
        try body(statement)
    }

    private func bind(_ values: [DatabaseValue], to statement: SQLiteStatement) throws(DatabaseError) {
        for (index, value) in values.enumerated() {
            let code = statement.bind(value, at: index + 1)
            guard code == SQLITE_OK else { throw error(code) }
        }
    }

    private func rendered(_ sql: SQL) throws(DatabaseError) -> (text: String, values: [DatabaseValue]) {
        let (text, values) = try sql.rendered(for: .sqlite)
        let limit = Int(unsafe sqlite3_limit(handle, SQLITE_LIMIT_VARIABLE_NUMBER, -1))
        guard values.count <= limit else {
            throw DatabaseError(
                .limit,
                "The statement has \(values.count) parameters, but SQLite allows \(limit). Divide it into several.")
        }
        return (text, values)
    }

    /// Takes the statement out of the cache, or compiles it.
    private func take(_ text: String, _ key: TextKey) throws(DatabaseError) -> SQLiteStatement {
        if let statement = statements.removeValue(forKey: key) { return statement }
        var compiled: OpaquePointer?
        var hasMore = false
        var text = text
        let code = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                var end: UnsafePointer<CChar>?
                let code = unsafe sqlite3_prepare_v3(
                    handle, characters.baseAddress, Int32(clamping: characters.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, &end)
                if let start = characters.baseAddress, let end = unsafe end {
                    let rest = unsafe characters.dropFirst(end - start)
                    hasMore = unsafe rest.contains { $0 != 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x3B }
                }
                return code
            }
        }
        guard code == SQLITE_OK else { throw error(code) }
        guard let compiled = unsafe compiled else {
            throw DatabaseError(.syntax, "The statement is empty. Pass an SQL statement.")
        }
        let statement = unsafe SQLiteStatement(compiled)
        if hasMore {
            throw DatabaseError(.syntax, "The text has more than one statement. Run each by itself.")
        }
        return statement
    }

    private func keep(_ statement: SQLiteStatement, _ key: TextKey) {
        uses += 1
        statement.lastUse = uses
        // A statement that was used inside another use of itself is kept once.
        statements[key] = statement
        guard statements.count > Self.cachedStatements,
            let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })
        else { return }
        statements[oldest.key] = nil
    }

    // MARK: Errors

    private var message: String {
        unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "unknown error"
    }

    private func error(_ code: Int32) -> DatabaseError { SQLiteFailure(code: code, message: message).error }
}

/// A statement whose rows are read piece by piece. Used only on the connection's thread.
final class SQLiteCursor {
    let statement: SQLiteStatement
    let key: TextKey

    init(statement: SQLiteStatement, key: TextKey) {
        self.statement = statement
        self.key = key
    }
}

/// A flag that tells the statements of a connection or of a call to end. Any thread may set it.
final class Interruption: Sendable {
    let isDue = Atomic<Bool>(false)
}
