import FoundationEssentials
import StraitCore
import StraitDatabase
import StraitTesting
import TestFolders
import Testing

@Suite struct Databases {
    private struct Failure: Error {}

    /// Calls `body` with a database of `engine` that has a table of notes.
    private func withNotes(_ engine: Engine, _ body: (Database) async throws -> Void) async throws {
        try await engine.withDatabase { database in
            try await database.execute("CREATE TABLE notes (id \(engine.serial), text varchar(50) UNIQUE NOT NULL)")
            try await body(database)
        }
    }

    private func add(_ text: String, to database: Database) async throws {
        try await database.execute("INSERT INTO notes (text) VALUES (\(text))")
    }

    private func expect(_ texts: [String], in database: Database, at place: SourceLocation = #_sourceLocation)
        async throws
    {
        let found = try await database.texts("SELECT text FROM notes ORDER BY id")
        #expect(found == texts, sourceLocation: place)
    }

    @Test(arguments: Engine.allCases)
    func `a transaction stores all or nothing, and sees its own changes`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            try await database.atomic { inner in
                try await add("a", to: inner)
                try await expect(["a"], in: inner)
                try await expect([], in: database)
            }
            try await expect(["a"], in: database)
            await #expect(throws: Failure.self) {
                try await database.atomic { inner in
                    try await add("b", to: inner)
                    throw Failure()
                }
            }
            try await expect(["a"], in: database)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a nested atomic can fail without ending the transaction`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            try await database.atomic { outer in
                try await add("a", to: outer)
                await #expect(throws: DatabaseError.self) {
                    try await outer.atomic { inner in
                        try await add("b", to: inner)
                        try await add("a", to: inner)
                    }
                }
                try await outer.atomic { inner in
                    try await add("c", to: inner)
                }
            }
            try await expect(["a", "c"], in: database)
        }
    }

    @Test(arguments: Engine.allCases)
    func `actions run after the commit, in order, and not after a rollback`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            let journal = Journal()
            await database.onCommit { journal.note("outside") }
            try await database.atomic { outer in
                await outer.onCommit { journal.note("first") }
                try? await outer.atomic { inner in
                    await inner.onCommit { journal.note("undone") }
                    throw Failure()
                }
                try await outer.atomic { inner in await inner.onCommit { journal.note("second") } }
                journal.note("body")
            }
            try? await database.atomic { inner in
                await inner.onCommit { journal.note("never") }
                throw Failure()
            }
            #expect(journal.lines == ["outside", "body", "first", "second"])
        }
    }

    @Test(arguments: Engine.allCases)
    func `after an error that ends the transaction, its other statements fail and nothing is stored`(
        engine: Engine
    ) async throws {
        try await withNotes(engine) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic { inner in
                    try await add("a", to: inner)
                    let ends: SQL = engine == .sqlite ? "INSERT OR ROLLBACK" : "INSERT"
                    _ = try? await inner.execute("\(ends) INTO notes (text) VALUES ('a')")
                    try await add("b", to: inner)
                }
            }
            #expect(
                error?.description
                    == (engine == .sqlite
                        ? "The database rolled back the transaction after an earlier error. Run atomic again."
                        : "An earlier statement of the transaction failed, so PostgreSQL accepts no others. Put a "
                            + "statement that may fail into a nested atomic."))
            try await expect([], in: database)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a commit fails if the body caught an error that ended the transaction`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic { inner in
                    try await add("a", to: inner)
                    let ends: SQL = engine == .sqlite ? "INSERT OR ROLLBACK" : "INSERT"
                    _ = try? await inner.execute("\(ends) INTO notes (text) VALUES ('a')")
                }
            }
            #expect(error?.code == .other)
            try await expect([], in: database)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a transaction cannot be used after its end`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            let kept = try await database.atomic { $0 }
            let error = await #expect(throws: DatabaseError.self) { try await kept.execute("DELETE FROM notes") }
            #expect(
                error?.description
                    == "The transaction has ended. After atomic, use the database that atomic was called on.")
        }
    }

    // MARK: Options

    @Test(arguments: Engine.allCases)
    func `a transaction that only reads cannot write, and sees one state`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            try await add("a", to: database)
            try await database.atomic(isolation: .repeatableRead, isReadOnly: true) { inner in
                try await expect(["a"], in: inner)
                try await add("b", to: database)
                try await expect(["a"], in: inner)
            }
            await #expect(throws: DatabaseError.self) {
                try await database.atomic(isReadOnly: true) { inner in try await add("c", to: inner) }
            }
            try await expect(["a", "b"], in: database)
        }
    }

    @Test(arguments: Engine.allCases)
    func `the options of a transaction belong to the outermost atomic`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            try await database.atomic(isolation: .serializable) { outer in
                let error = await #expect(throws: DatabaseError.self) {
                    try await outer.atomic(retries: 1) { _ in }
                }
                #expect(
                    error?.description.hasPrefix("A nested atomic is part of the outer transaction, so it") == true)
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a body is run again if its error allows that, with new actions`(engine: Engine) async throws {
        let journal = Journal()
        let retry = TransactionRetry(clock: CountingClock { journal.note("pause") })
        try await engine.withDatabase(retry: retry) { database in
            let conflict = DatabaseError(.serialization, "conflict", isRetryable: true)
            try await database.atomic(retries: 2) { inner in
                await inner.onCommit { journal.note("committed") }
                journal.note("body")
                if journal.count(of: "body") < 3 { throw conflict }
            }
            #expect(journal.lines == ["body", "pause", "body", "pause", "body", "committed"])
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic(retries: 1) { _ in throw conflict }
            }
            #expect(error == conflict)
            await #expect(throws: Failure.self) { try await database.atomic(retries: 1) { _ in throw Failure() } }
        }
    }

    @Test func `a transaction that finds SQLite locked can be retried`() async throws {
        try await withTemporaryFolder { folder in
            let other = try SQLiteConnection(path: folder + "/a.db")
            try other.execute("CREATE TABLE t (x)")
            try other.execute("BEGIN IMMEDIATE")
            // SAFETY: the connection is used by the clock only while this function waits for it.
            nonisolated(unsafe) let holder = other
            let retry = TransactionRetry(clock: CountingClock { _ = try? unsafe holder.execute("ROLLBACK") })
            let database = Database(SQLiteDatabase(path: folder + "/a.db", busyTimeout: .zero), retry: retry)
            let busy = await failure { _ = try await database.atomic { _ in } }
            #expect(busy?.code == .busy)
            #expect(busy?.isRetryable == true)
            try await database.atomic(retries: 1) { inner in _ = try await inner.execute("INSERT INTO t VALUES (1)") }
            #expect(try await database.numbers("SELECT x FROM t") == [1])
            await database.stop()
        }
    }

    @MainActor
    @Test(arguments: Engine.allCases)
    func `bodies run on the caller's actor`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            try await add("a", to: database)
            try await database.atomic { outer in
                MainActor.assertIsolated()
                try await add("b", to: outer)
                try await outer.atomic { _ in MainActor.assertIsolated() }
                try await outer.query("SELECT text FROM notes", inBatchesOf: 1) {
                    $0[0]
                } forEach: { _ in
                    MainActor.assertIsolated()
                }
            }
            try await database.query("SELECT text FROM notes", inBatchesOf: 1) {
                $0[0]
            } forEach: { _ in
                MainActor.assertIsolated()
            }
        }
    }

    // MARK: Values

    @Test(arguments: Engine.allCases)
    func `SQL in a value is stored as text`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            let texts = [
                "'; DROP TABLE notes; --", #"" OR 1 = 1"#, #"\'); DELETE FROM notes; --"#, "$1 ? ?1 :a %s", "e\u{301}'",
            ]
            for text in texts { try await add(text, to: database) }
            try await expect(texts, in: database)
            for text in texts {
                #expect(try await database.numbers("SELECT count(*) FROM notes WHERE text = \(text)") == [1])
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `values are read as they were stored`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            let bytes: SQL = engine == .sqlite ? "BLOB" : "bytea"
            try await database.execute(
                "CREATE TABLE v (i bigint, d double precision, b boolean, t text, x \(bytes), n numeric(20, 2))")
            var buffer = ByteBuffer()
            for byte in UInt8.min ... .max { buffer.append(byte) }
            let all = buffer.freeze()
            for number in [Int64.min, -1, 0, .max] {
                try await database.execute("DELETE FROM v")
                try await database.execute(
                    "INSERT INTO v VALUES (\(number), \(1.5e-300), \(number > 0), \("é\u{0}x".dropNUL), \(all), 7)")
                let rows = try await database.query("SELECT i, d, b, t, x, n FROM v") {
                    row throws(DatabaseError) in
                    #expect(try row.integer(0) == number)
                    #expect(try row.double(1) == 1.5e-300)
                    #expect(try row.boolean(2) == (number > 0))
                    #expect(try row.text(3) == "éx")
                    #expect(try row.bytes(4) == all)
                    #expect(try row.integer(5) == 7)
                    #expect(try row.double(5) == 7)
                    #expect(row.count == 6)
                    #expect(throws: DatabaseError.self) { try row.integer(3) }
                    #expect(throws: DatabaseError.self) { try row.bytes(0) }
                    return 0
                }
                #expect(rows.count == 1)
            }
            try await database.execute("UPDATE v SET i = \(Int64?.none), t = \(String?.none)")
            let error = await #expect(throws: DatabaseError.self) { try await database.numbers("SELECT i FROM v") }
            #expect(
                error?.description
                    == "The column i is empty. Change the field's type to the stored one, or migrate the column.")
            #expect(try await database.value("SELECT t FROM v") == .null)
        }
    }

    // MARK: Errors

    @Test(arguments: Engine.allCases)
    func `the errors of constraints have the same texts on both engines`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await database.execute(
                """
                CREATE TABLE zoo (id \(engine.serial), name varchar(50) NOT NULL, city varchar(50), \
                UNIQUE (name, city))
                """
            )
            try await database.execute(
                "CREATE TABLE cage (id \(engine.serial), zoo_id bigint REFERENCES zoo (id), size int CHECK (size > 0))")
            try await database.execute("INSERT INTO zoo (name, city) VALUES ('a', 'b')")
            func error(_ sql: SQL) async -> DatabaseError? {
                await #expect(throws: DatabaseError.self) { try await database.execute(sql) }
            }
            let unique = await error("INSERT INTO zoo (name, city) VALUES ('a', 'b')")
            #expect(unique?.code == .unique)
            #expect(unique?.table == "zoo")
            #expect(unique?.columns == ["name", "city"])
            #expect(
                unique?.description
                    == "Another row of zoo has the same name, city. Change this row, or update the other one.")
            let empty = await error("INSERT INTO zoo (city) VALUES ('b')")
            #expect(empty?.code == .notNull)
            #expect(
                empty?.description
                    == "The column name of zoo requires a value. Give it one, or declare it optional and migrate.")
            #expect(await error("INSERT INTO cage (zoo_id, size) VALUES (7, 1)")?.code == .foreignKey)
            #expect(await error("INSERT INTO cage (zoo_id, size) VALUES (1, 0)")?.code == .check)
            #expect(
                await error("DELETE FROM lions")?.description
                    == "The table lions does not exist. Run the command migrate.")
            let column = await error("UPDATE zoo SET owner = 1")
            #expect(column?.description == "The column owner does not exist. Run the command migrate.")
            #expect(column?.columns == ["owner"])
            #expect(await error("SELEKT 1")?.code == .syntax)
            #expect(await error("SELECT 1; SELECT 2")?.code == .syntax)
            #expect(await error("")?.code == .syntax)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a statement with too many parameters names the limit`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            // Debian's SQLite allows 250,000.
            let numbers = Array(0..<(engine == .sqlite ? 260_000 : 70_000))
            let error = await #expect(throws: DatabaseError.self) {
                try await database.numbers("SELECT 1 WHERE 1 IN (\(list: numbers))")
            }
            #expect(error?.code == .limit)
            let limit = engine == .sqlite ? "260000 parameters, but SQLite allows" : "PostgreSQL allows 65535"
            #expect(error?.description.contains(limit) == true)
            let fewer = Array(numbers[..<30_000])
            let found = try await database.numbers("SELECT 1 WHERE 1 IN (\(list: fewer))")
            #expect(found == [1])
        }
    }

    /// A type of an application, for which PostgreSQL gets no type.
    private struct Code: DatabaseConvertible {
        func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text("c") }
    }

    @Test(arguments: Engine.allCases)
    func `an empty list matches nothing, and excludes nothing`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await database.execute("CREATE TABLE a (id \(engine.serial), n smallint, t text, u uuid, f boolean)")
            try await database.execute("INSERT INTO a (n) VALUES (1), (2)")
            func check<Value: DatabaseConvertible>(_ column: SQL, _ empty: [Value]) async throws {
                let place = 7
                let none = try await database.numbers(
                    "SELECT id FROM a WHERE id < \(place) AND \(column) IN (\(list: empty)) AND id > \(0)")
                let all = try await database.numbers(
                    "SELECT id FROM a WHERE \(column) NOT IN (\(list: empty)) ORDER BY 1")
                #expect(none.isEmpty && all == [1, 2])
            }
            try await check("id", [Int]())
            try await check("id", [Int64?]())
            try await check("n", [Int32]())
            try await check("t", [String]())
            try await check("u", [UUID]())
            try await check("f", [Bool]())
            // The type of these values is not known, and the column has texts.
            try await check("t", [DatabaseValue]())
            try await check("t", [Code]())
            let raw: SQL = "SELECT id FROM a WHERE id IN (\(list: [DatabaseValue]()))"
            if engine == .sqlite {
                let none = try await database.numbers(raw)
                #expect(none.isEmpty)
            } else {
                let error = await failure { _ = try await database.numbers(raw) }
                #expect(
                    error?.description
                        == "An empty list of DatabaseValue has no type in PostgreSQL. Use a list of Int, String or "
                        + "another type with a postgresType, or don't run the statement for an empty list.")
                // The connection goes on, and other mistakes have the server's own message.
                let other = await failure { _ = try await database.numbers("SELECT id FROM a WHERE id = u") }
                #expect(other?.description.contains("operator does not exist") == true && error?.code == .value)
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a transaction that a statement has begun is rolled back, with an error`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            let error = await #expect(throws: DatabaseError.self) { try await database.execute("BEGIN") }
            #expect(
                error?.description
                    == "A statement began a transaction without ending it, so it was rolled back. Use atomic.")
            let numbers = try await database.numbers("SELECT 1")
            #expect(numbers == [1])
        }
    }

    // MARK: Batches

    /// With `STRAIT_ROUNDS=10`, a million rows and a gigabyte.
    @Test(arguments: Engine.allCases)
    func `a large result is read in batches, with little memory`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            let count = 100_000 * Seeds(1).count
            let numbers: SQL =
                engine == .sqlite
                ? "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) SELECT i"
                : "WITH n (i) AS (SELECT * FROM generate_series(1, \(count))) SELECT i"
            let text: SQL = engine == .sqlite ? "hex(zeroblob(500))" : "repeat('0', 1000)"
            var (sum, batches): (Int64, [Int]) = (0, [])
            try await database.query("\(numbers), \(text) FROM n", inBatchesOf: 3000) { row throws(DatabaseError) in
                (number: try row.integer(0), text: try row.text(1))
            } forEach: { rows in
                for row in rows { sum += row.number }
                batches.append(rows.count)
                #expect(rows.last?.text.utf8.count == 1000)
            }
            #expect(sum == Int64(count * (count + 1) / 2))
            #expect(batches.dropLast().allSatisfy { $0 == 3000 })
            #expect(batches.reduce(0, +) == count)
        }
    }

    @Test(arguments: Engine.allCases)
    func `an error ends the reading of batches, even in a transaction`(engine: Engine) async throws {
        try await withNotes(engine) { database in
            for text in ["a", "b", "c", "d"] { try await add(text, to: database) }
            func read(_ database: Database, until last: String) async throws {
                try await database.query("SELECT text FROM notes ORDER BY id", inBatchesOf: 2) {
                    row throws(DatabaseError) in
                    try row.text(0)
                } forEach: { texts in
                    if texts.contains(last) { throw Failure() }
                }
            }
            await #expect(throws: Failure.self) { try await read(database, until: "b") }
            try await read(database, until: "z")
            try await database.atomic { inner in
                await #expect(throws: Failure.self) { try await read(inner, until: "c") }
                try await read(inner, until: "z")
                try await inner.query("SELECT text FROM notes ORDER BY id", inBatchesOf: 3) {
                    row throws(DatabaseError) in
                    try row.text(0)
                } forEach: { texts in
                    try await inner.execute("UPDATE notes SET text = text || '!' WHERE text = \(texts[0])")
                }
            }
            try await expect(["a!", "b", "c", "d!"], in: database)
        }
    }

    @Test(arguments: Engine.allCases)
    func `statements, failures and connections are metrics`(engine: Engine) async throws {
        try await engine.withDatabase { database in
            _ = try await database.numbers("SELECT 1")
            _ = try? await database.numbers("SELEKT 1")
            let values = Dictionary(uniqueKeysWithValues: database.metrics().map { ($0.name, $0.value) })
            #expect(values["strait_database_connections"] == 1)
            #expect(values["strait_database_waiting"] == 0)
            #expect(values["strait_database_statements_total"] == 2)
            #expect(values["strait_database_failures_total"] == 1)
            #expect(values["strait_database_seconds_total"].map { $0 > 0 } == true)
        }
    }
}

extension String {
    /// The text without U+0000, which PostgreSQL does not store.
    fileprivate var dropNUL: String { filter { $0 != "\0" } }
}
