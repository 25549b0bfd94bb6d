import Foundation
import StraitDatabase
import Synchronization
import TestFolders
import Testing

/// A barrier that a transaction waits at.
private actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

@Suite struct `SQLite databases` {
    private struct Failure: Error {}

    private func count(_ database: SQLiteDatabase) async throws -> DatabaseValue? {
        try await database.read { try $0.query("SELECT count(*) FROM t") { $0[0] }.first }
    }

    /// Calls `body` with a database in a new folder that has the table `t`.
    private func withDatabase(
        readers: Int = 2, _ body: (SQLiteDatabase) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let database = SQLiteDatabase(path: folder + "/test.db", readers: readers, timeout: .seconds(600))
            try await database.write { _ = try $0.execute("CREATE TABLE t (x)") }
            try await body(database)
            await database.close()
        }
    }

    @Test func `a transaction is committed when its body returns, and rolled back when it throws`() async throws {
        try await withDatabase { database in
            try await database.transaction { connection in
                _ = try await connection.execute("INSERT INTO t VALUES (1)")
            }
            #expect(try await count(database) == .integer(1))
            await #expect(throws: Failure.self) {
                try await database.transaction { connection in
                    _ = try await connection.execute("INSERT INTO t VALUES (2)")
                    throw Failure()
                }
            }
            #expect(try await count(database) == .integer(1))
        }
    }

    @Test func `readers do not wait for an open transaction, and other writers do`() async throws {
        try await withDatabase { database in
            let (begun, end) = (Gate(), Gate())
            let transaction = Task {
                try await database.transaction { connection in
                    _ = try await connection.execute("INSERT INTO t VALUES (1)")
                    await begun.open()
                    await end.pass()
                }
            }
            await begun.pass()
            #expect(try await count(database) == .integer(0))
            let second = Task {
                try await database.write { _ = try $0.execute("INSERT INTO t SELECT count(*) FROM t") }
            }
            await end.open()
            try await transaction.value
            try await second.value
            #expect(
                try await database.read { try $0.query("SELECT x FROM t ORDER BY rowid") { $0[0] } }
                    == [.integer(1), .integer(1)])
        }
    }

    @Test func `a cancelled transaction is rolled back, and the database can be used again`() async throws {
        try await withDatabase { database in
            let (begun, end) = (Gate(), Gate())
            let transaction = Task {
                try await database.transaction { connection in
                    _ = try await connection.execute("INSERT INTO t VALUES (1)")
                    await begun.open()
                    await end.pass()
                }
            }
            await begun.pass()
            transaction.cancel()
            await end.open()
            await #expect(throws: CancellationError.self) { try await transaction.value }
            #expect(try await count(database) == .integer(0))
            try await database.write { _ = try $0.execute("INSERT INTO t VALUES (1)") }
            #expect(try await count(database) == .integer(1))
        }
    }

    @Test func `cancelling interrupts a long statement and no other`() async throws {
        try await withDatabase(readers: 1) { database in
            let long = Task {
                try await database.read { connection in
                    try connection.query(
                        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
                    ) { $0[0] }
                }
            }
            let other = Task { try await count(database) }
            long.cancel()
            await #expect(throws: (any Error).self) { try await long.value }
            let value = try await other.value
            #expect(value == .integer(0))
        }
    }

    @Test func `sixteen tasks write and read at once without an error`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup { tasks in
                for number in 0..<16 {
                    tasks.addTask {
                        for _ in 0..<20 {
                            if number % 2 == 0 {
                                try await database.transaction { connection in
                                    _ = try await connection.execute("INSERT INTO t VALUES (\(number))")
                                }
                            } else {
                                _ = try await count(database)
                            }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            #expect(try await count(database) == .integer(160))
        }
    }

    @Test func `a transaction that a statement begins is rolled back and reported`() async throws {
        try await withDatabase { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { _ = try $0.execute("BEGIN") }
            }
            #expect(error?.description.hasSuffix("Use atomic.") == true)
            try await database.write { _ = try $0.execute("INSERT INTO t VALUES (1)") }
            #expect(try await count(database) == .integer(1))
        }
    }

    @Test func `a new file can be read first`() async throws {
        try await withTemporaryFolder { folder in
            let database = SQLiteDatabase(path: folder + "/new.db")
            let error = await #expect(throws: DatabaseError.self) { try await count(database) }
            #expect(error?.code == .missingTable)
            await database.close()
        }
    }

    @Test func `after close, calls fail`() async throws {
        let database = SQLiteDatabase(path: ":memory:")
        try await database.write { _ = try $0.execute("CREATE TABLE t (x)") }
        #expect(try await count(database) == .integer(0))
        await database.close()
        let error = await #expect(throws: DatabaseError.self) { try await count(database) }
        #expect(error?.code == .connection)
    }
}
