import PostgresServers
import StraitDatabase
import TestFolders
import Testing

/// The engines that a test runs on.
enum Engine: CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgreSQL

    var testDescription: String { self == .sqlite ? "SQLite" : "PostgreSQL" }

    /// The type of a column that numbers its rows.
    var serial: SQL { self == .sqlite ? "INTEGER PRIMARY KEY" : "bigserial PRIMARY KEY" }

    /// Calls `body` with an empty database, whose callers wait for a connection as long as a busy machine needs.
    func withDatabase(
        connections: Int = 10, retry: TransactionRetry = TransactionRetry(), _ body: (Database) async throws -> Void
    ) async throws {
        switch self {
        case .sqlite:
            try await withTemporaryFolder { folder in
                let database = Database(SQLiteDatabase(path: folder + "/test.db", timeout: .seconds(300)), retry: retry)
                try await body(database)
                await database.stop()
            }
        case .postgreSQL:
            let configuration = try await PostgresServer.shared.configuration()
            let database = Database(
                PostgresDatabase(configuration, connections: connections, timeout: .seconds(300)), retry: retry)
            try await body(database)
            await database.stop()
        }
    }
}

extension PostgresServer {
    /// The address of a new database over the Unix socket. Its time limits are for a machine that is busy.
    func configuration() async throws -> PostgresConfiguration {
        var configuration = PostgresConfiguration(
            host: .socket(folder), port: port, user: Self.user, database: try await makeDatabase())
        configuration.connectTimeout = .seconds(300)
        configuration.cancelTimeout = .seconds(300)
        return configuration
    }
}

/// Calls `body` with an empty PostgreSQL database of the shared server.
func withPostgres(
    connections: Int = 10, timeout: Duration = .seconds(30), change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> Void
) async throws {
    var configuration = try await PostgresServer.shared.configuration()
    change(&configuration)
    let database = Database(PostgresDatabase(configuration, connections: connections, timeout: timeout))
    try await body(database)
    await database.stop()
}

/// Waits until `condition` holds.
func eventually(_ condition: () async throws -> Bool) async rethrows {
    while !(try await condition()) { await Task.yield() }
}

/// The error of `body`.
func failure(_ body: () async throws -> Void) async -> DatabaseError? {
    do { try await body() } catch { return error as? DatabaseError }
    return nil
}

extension Database {
    /// The first column of the first row.
    func value(_ sql: SQL) async throws -> DatabaseValue? {
        try await query(sql, isWrite: true) { $0[0] }.first
    }

    /// The numbers in the first column.
    func numbers(_ sql: SQL) async throws -> [Int64] {
        try await query(sql) { row throws(DatabaseError) in try row.integer(0) }
    }

    /// The texts in the first column.
    func texts(_ sql: SQL) async throws -> [String] {
        try await query(sql) { row throws(DatabaseError) in try row.text(0) }
    }
}

/// A clock on which no sleep takes time.
struct CountingClock: Clock {
    typealias Instant = ContinuousClock.Instant
    let slept: @Sendable () -> Void
    var now: Instant { ContinuousClock.now }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws { slept() }
}
