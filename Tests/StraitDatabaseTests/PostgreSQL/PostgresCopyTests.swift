import PostgresServers
import StraitCore
import StraitDatabase
import Testing

@Suite struct `Copying of rows` {
    @Test func `copied rows are as given`() async throws {
        try await withPostgres { database in
            try await database.execute("CREATE TABLE \"A t\" (i bigint, \"a b\" text, d float8, b bytea, n text)")
            let text = "a\tb\nc\\N\r\"é\u{1F600}\\."
            let count = try await database.copyIn(
                "A t", columns: ["i", "a b", "d", "b", "n"],
                rows: (0..<20_000).lazy.map { number -> [any DatabaseConvertible] in
                    [number, text, Double(number) / 8, Bytes(Array("\\x\0".utf8)), String?.none]
                })
            #expect(count == 20_000)
            let matching: SQL = """
                SELECT count(*) FROM "A t" WHERE "a b" = \(text) AND d = i / 8.0 AND b = \(Bytes(Array("\\x\0".utf8))) \
                AND n IS NULL
                """
            #expect(try await database.numbers(matching) == [20_000])
            #expect(try await database.copyIn("A t", columns: ["i"], rows: []) == 0)
        }
    }

    @Test func `an error stores no row, and the connection can be used afterwards`() async throws {
        struct Failure: Error {}
        try await withPostgres(connections: 1) { database in
            try await database.execute("CREATE TABLE t (x int PRIMARY KEY)")
            let process = try await database.numbers("SELECT pg_backend_pid()")
            func error(_ rows: [[any DatabaseConvertible]], table: String = "t") async -> DatabaseError? {
                await failure { _ = try await database.copyIn(table, columns: ["x"], rows: rows) }
            }
            let unique = await error([[1], [2], [1]])
            #expect(unique?.code == .unique)
            #expect(unique?.columns == ["x"])
            #expect(await error([["a"]])?.code == .value)
            #expect(
                await error([[1], [2, 3]])?.description
                    == "Row 2 has 2 values for 1 columns. Give one value per column.")
            #expect(await error([["a\0"]])?.code == .value)
            #expect(await error([[1]], table: "nothing")?.code == .missingTable)
            let (begins, begun) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await database.copyIn(
                    "t", columns: ["x"],
                    rows: (0..<100_000_000).lazy.map { number -> [any DatabaseConvertible] in
                        if number == 100_000 { begun.finish() }
                        return [number]
                    })
            }
            for await _ in begins {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.numbers("SELECT count(*) FROM t") == [0])
            #expect(try await database.numbers("SELECT pg_backend_pid()") == process)
            try await database.atomic { inner in
                try await inner.copyIn("t", columns: ["x"], rows: [[1], [2]])
                await #expect(throws: DatabaseError.self) {
                    _ = try await inner.atomic { part in try await part.copyIn("t", columns: ["x"], rows: [[2]]) }
                }
                #expect(try await inner.numbers("SELECT count(*) FROM t") == [2])
            }
        }
    }

    @MainActor
    @Test func `rows are taken on the caller's actor`() async throws {
        try await withPostgres { database in
            try await database.execute("CREATE TABLE t (x int)")
            let count = try await database.copyIn(
                "t", columns: ["x"],
                rows: (0..<20_000).lazy.map { number -> [any DatabaseConvertible] in
                    MainActor.assertIsolated()
                    return [number]
                })
            #expect(count == 20_000)
        }
    }

    @Test func `a copy whose server reads no more can be cancelled`() async throws {
        try await withPostgres(connections: 2) { database in
            try await database.execute("CREATE TABLE t (x int PRIMARY KEY, y text)")
            try await database.atomic { inner in
                try await inner.execute("INSERT INTO t VALUES (0)")
                let text = String(repeating: "x", count: 100_000)
                let task = Task {
                    try await database.copyIn(
                        "t", columns: ["x", "y"],
                        rows: (0..<10_000).lazy.map { [$0, text] as [any DatabaseConvertible] })
                }
                try await eventually {
                    try await inner.numbers("SELECT count(*) FROM pg_locks WHERE NOT granted") == [1]
                }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            #expect(try await database.numbers("SELECT count(*) FROM t") == [1])
        }
    }

    @Test func `a copy that waits for a lock can be cancelled`() async throws {
        try await withPostgres(connections: 2) { database in
            try await database.execute("CREATE TABLE t (x int)")
            try await database.atomic { inner in
                try await inner.execute("LOCK TABLE t")
                for rows in [[], [[1] as [any DatabaseConvertible]]] {
                    let task = Task { try await database.copyIn("t", columns: ["x"], rows: rows) }
                    try await eventually {
                        try await inner.numbers(
                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass") == [1]
                    }
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                }
            }
            let count = try await database.copyIn("t", columns: ["x"], rows: [[1]])
            #expect(count == 1)
        }
    }

    @Test func `a server that ends during a copy gives a clear error`() async throws {
        try await withPostgres { database in
            try await database.execute("CREATE TABLE t (x int)")
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic { inner in
                    let process = try await inner.numbers("SELECT pg_backend_pid()")[0]
                    _ = try await database.value("SELECT pg_terminate_backend(\(process)::int)")
                    try await inner.copyIn(
                        "t", columns: ["x"], rows: (0..<1_000_000).lazy.map { [$0] as [any DatabaseConvertible] })
                }
            }
            #expect(error?.code == .connection)
        }
    }

    @Test func `SQLite says what to use instead`() async throws {
        let database = Database(sqlite: ":memory:")
        let error = await #expect(throws: DatabaseError.self) { try await database.copyIn("t", columns: [], rows: []) }
        #expect(error?.description.hasPrefix("SQLite has no COPY. Insert the rows with INSERT") == true)
        await database.stop()
    }
}
