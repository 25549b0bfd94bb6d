import Glibc
import PostgresServers
import StraitCore
import StraitDatabase
import StraitTesting
import Synchronization
import TestClocks
import Testing

@Suite struct `PostgreSQL connections` {
    @Test func `the session has known settings`() async throws {
        try await withPostgres { database in
            for (name, value) in [
                ("TimeZone", "UTC"), ("client_encoding", "UTF8"), ("standard_conforming_strings", "on"),
                ("bytea_output", "hex"), ("IntervalStyle", "postgres"), ("application_name", "strait"),
            ] {
                let settings = try await database.texts("SELECT current_setting(\(name))")
                #expect(settings == [value])
            }
            #expect(
                try await database.texts("SELECT timestamptz '2026-02-28 12:00:00+02'") == ["2026-02-28 10:00:00+00"])
        }
    }

    @Test func `all types are read as text, numbers or bytes`() async throws {
        try await withPostgres { database in
            let values: [(SQL, DatabaseValue)] = [
                ("1::smallint", .integer(1)), ("-2::int", .integer(-2)), ("3::bigint", .integer(3)),
                ("1.5::real", .double(1.5)), ("'Infinity'::float8", .double(.infinity)),
                ("1.50::numeric", .text("1.50")),
                ("true", .text("t")), ("NULL::int", .null), ("'a'::char(3)", .text("a  ")), ("''", .text("")),
                ("'{1,2}'::int[]", .text("{1,2}")), ("'{\"a\": 1}'::jsonb", .text("{\"a\": 1}")),
                ("interval '1 day 2 hours'", .text("1 day 02:00:00")), ("date '2026-02-28'", .text("2026-02-28")),
                ("gen_random_uuid() IS NOT NULL", .text("t")),
            ]
            for (sql, value) in values {
                let read = try await database.value("SELECT \(sql)")
                #expect(read == value)
            }
            #expect(try await database.numbers("SELECT 12.00::numeric") == [12])
            #expect(try await database.numbers("SELECT -9223372036854775808::numeric") == [.min])
            for sql: SQL in ["12.5::numeric", "9223372036854775808::numeric", "'NaN'::numeric", "true", "'1'"] {
                await #expect(throws: DatabaseError.self) { try await database.numbers("SELECT \(sql)") }
            }
        }
    }

    @Test func `parameters have the types that the server infers`() async throws {
        try await withPostgres { database in
            try await database.execute(
                "CREATE TABLE t (s smallint, i int, b boolean, d double precision, n numeric, t timestamptz, u uuid)")
            for _ in 0..<3 {
                try await database.execute(
                    """
                    INSERT INTO t VALUES (\(7), \(8), \(true), \(Double.infinity), \("1.50"), \("2026-02-28"), \
                    \("00000000-0000-0000-0000-000000000001"))
                    """)
            }
            #expect(try await database.numbers("SELECT count(*) FROM t WHERE b = \(true) AND d > \(1e300)") == [3])
            let error = await #expect(throws: DatabaseError.self) {
                try await database.execute("INSERT INTO t (s) VALUES (\(1_000_000))")
            }
            #expect(error?.code == .value)
            // The same text with another type is another prepared statement.
            for value: DatabaseValue in [.integer(1), .text("1"), .integer(2), .text("2"), .null] {
                #expect(try await database.query("SELECT \(value)::text") { $0.isNull(0) } == [value == .null])
            }
        }
    }

    @Test func `text with U+0000 is refused before it is sent`() async throws {
        try await withPostgres { database in
            let error = await #expect(throws: DatabaseError.self) { try await database.texts("SELECT \("a\0b")") }
            #expect(error?.code == .value)
            #expect(
                error?.description == """
                    The text of parameter 1 contains the character U+0000, which PostgreSQL cannot store. Remove it, \
                    or store bytes.
                    """)
        }
    }

    @Test func `a prepared statement follows a change of its table`() async throws {
        try await withPostgres(connections: 1) { database in
            try await database.execute("CREATE TABLE t (a int)")
            try await database.execute("INSERT INTO t VALUES (1)")
            for _ in 0..<3 { #expect(try await database.query("SELECT * FROM t") { $0.count } == [1]) }
            try await database.execute("ALTER TABLE t ADD b text")
            #expect(try await database.query("SELECT * FROM t") { $0.count } == [2])
            try await database.execute("DEALLOCATE ALL")
            #expect(try await database.query("SELECT * FROM t") { $0.count } == [2])
            try await database.execute("ALTER TABLE t DROP b")
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic { inner in
                    for _ in 0..<2 { _ = try await inner.query("SELECT * FROM t") { $0.count } }
                    try await inner.execute("ALTER TABLE t ADD c text")
                    _ = try await inner.query("SELECT * FROM t") { $0.count }
                }
            }
            #expect(error?.isRetryable == true)
        }
    }

    @Test func `many statements are prepared and dropped`() async throws {
        try await withPostgres(connections: 1) { database in
            for round in 0..<2 {
                for number in 0..<300 {
                    for _ in 0..<2 {
                        let name = SQL(stringLiteral: "n\(number)")
                        #expect(
                            try await database.numbers("SELECT \(number) AS \(name)") == [Int64(number)], "\(round)")
                    }
                }
            }
            let prepared = try await database.numbers("SELECT count(*) FROM pg_prepared_statements")
            #expect((200...257).contains(prepared[0]))
        }
    }

    @Test func `statements of one transaction are in flight at once, and an error ends only its own`() async throws {
        try await withPostgres { database in
            try await database.atomic { inner in
                let results = try await withThrowingTaskGroup(of: Int64.self) { group in
                    for number in 0..<50 {
                        group.addTask { try await inner.numbers("SELECT \(number) FROM pg_sleep(0)")[0] }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.sorted() == Array(0..<50))
            }
        }
    }

    @Test func `a cancelled task cancels its statement, and the connection stays usable`() async throws {
        try await withPostgres(connections: 1) { database in
            let process = try await database.numbers("SELECT pg_backend_pid()")
            for _ in 0..<5 {
                let task = Task { try await database.execute("SELECT pg_sleep(600)") }
                let name = database
                await eventually { name.metrics()[0].value == 1 }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            #expect(try await database.numbers("SELECT pg_backend_pid()") == process)
        }
    }

    @Test func `a cancelled statement of a transaction rolls it back`() async throws {
        try await withPostgres(connections: 2) { database in
            try await database.execute("CREATE TABLE t (x int)")
            let journal = Journal()
            let task = Task {
                try await database.atomic { inner in
                    try await inner.execute("INSERT INTO t VALUES (1)")
                    journal.note("begun")
                    try await inner.execute("SELECT pg_sleep(600)")
                }
            }
            await eventually { journal.count(of: "begun") == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.numbers("SELECT count(*) FROM t") == [0])
        }
    }

    @Test func `a statement whose cancellation is not answered ends with its connection`() async throws {
        try await withPostgres(connections: 1, change: { $0.cancelTimeout = .milliseconds(50) }) { database in
            let process = try await database.numbers("SELECT pg_backend_pid()")[0]
            let server = try await PostgresServer.shared
            let other = try Database(url: server.url("postgres"))
            let task = Task { try await database.execute("SELECT pg_sleep(600)") }
            try await eventually {
                try await other.numbers(
                    "SELECT 1 FROM pg_stat_activity WHERE pid = \(process)::int AND query LIKE '%pg_sleep%'") == [1]
            }
            kill(Int32(process), SIGSTOP)
            task.cancel()
            let error = await failure { _ = try await task.value }
            #expect(error?.code == .connection)
            #expect(try await database.numbers("SELECT 1") == [1])
            kill(Int32(process), SIGCONT)
            await other.stop()
        }
    }

    @Test(arguments: Seeds(5))
    func `cancelled statements never affect others, in any order`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let plans = (0..<150).map { _ in
            (cancels: Bool.random(using: &generator), steps: Int.random(in: 0..<200, using: &generator))
        }
        // On a busy machine, callers wait longer than the pool allows by default.
        try await withPostgres(connections: 3, timeout: .seconds(600)) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, plan) in plans.enumerated() {
                    group.addTask {
                        let task = Task {
                            let sleep = plan.cancels ? 0.02 : 0.001
                            return try await database.numbers("SELECT \(number) FROM pg_sleep(\(sleep)::float8)")
                        }
                        if plan.cancels {
                            for _ in 0..<plan.steps { await Task.yield() }
                            task.cancel()
                            do { _ = try await task.value } catch { #expect(error is CancellationError, "\(error)") }
                        } else {
                            let numbers = try await task.value
                            #expect(numbers == [Int64(number)])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: Seeds(5))
    func `in a transaction, a cancelled statement fails the others or none of them`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let steps = (0..<10).map { _ in Int.random(in: 0..<100, using: &generator) }
        try await withPostgres(connections: 1) { database in
            for steps in steps {
                let error = await failure {
                    _ = try await database.atomic { inner in
                        let tasks = (0..<10).map { number in
                            Task { try await inner.numbers("SELECT \(number) FROM pg_sleep(0.001)") }
                        }
                        for _ in 0..<steps { await Task.yield() }
                        tasks[5].cancel()
                        for (number, task) in tasks.enumerated() where number != 5 {
                            let numbers = try await task.value
                            #expect(numbers == [Int64(number)])
                        }
                    }
                }
                #expect(error == nil || [.cancelled, .other].contains(error?.code), "\(error?.description ?? "")")
                let numbers = try await database.numbers("SELECT 1")
                #expect(numbers == [1])
            }
        }
    }

    @Test func `the connections of a database that is released without a stop are closed`() async throws {
        let server = try await PostgresServer.shared
        let configuration = try await server.configuration()
        do {
            let database = Database(PostgresDatabase(configuration))
            _ = try await database.numbers("SELECT 1")
        }
        let other = try Database(url: server.url("postgres"))
        try await eventually {
            try await other.numbers(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = \(configuration.database)") == [0]
        }
        await other.stop()
    }

    @Test func `COPY as a statement is refused, and the database can be used afterwards`() async throws {
        try await withPostgres(connections: 1) { database in
            try await database.execute("CREATE TABLE t (x int)")
            for sql: SQL in ["COPY t FROM STDIN", "COPY t TO STDOUT"] {
                let error = await #expect(throws: DatabaseError.self) { try await database.execute(sql) }
                #expect(error?.description == "COPY cannot run as a statement. Use copyIn of the database.")
            }
            #expect(try await database.numbers("SELECT count(*) FROM t") == [0])
        }
    }
}

@Suite struct `PostgreSQL connections and event loops` {
    /// Runs a statement on a loop. Returns the server's process for the connection, and whether its rows were read on
    /// the same loop.
    private func process(
        _ database: Database, _ isolation: isolated LoopIsolation
    ) async throws -> (process: Int64?, isSameLoop: Bool) {
        let loop = isolation.loop
        let rows = try await database.query("SELECT pg_backend_pid()") { row throws(DatabaseError) in
            (try row.integer(0), loop.isOnLoop)
        }
        return (rows.first?.0, rows.first?.1 ?? false)
    }

    @Test func `a task on an event loop gets a connection on that loop`() async throws {
        let loops = EventLoopGroup(count: 2)
        defer { loops.stop() }
        try await withPostgres { database in
            let first = try await process(database, loops.loops[0].isolation)
            let second = try await process(database, loops.loops[1].isolation)
            let again = try await process(database, loops.loops[0].isolation)
            #expect(first.isSameLoop && second.isSameLoop && again.isSameLoop)
            #expect(first.process == again.process)
            #expect(first.process != second.process)
        }
    }

    @Test func `a connection in use on several loops moves to a loop of its own`() async throws {
        let loops = EventLoopGroup(count: 2)
        defer { loops.stop() }
        try await withPostgres(connections: 1) { database in
            let first = try await process(database, loops.loops[0].isolation)
            let second = try await process(database, loops.loops[1].isolation)
            let third = try await process(database, loops.loops[0].isolation)
            #expect(first.isSameLoop && !second.isSameLoop && !third.isSameLoop)
            #expect(first.process != second.process)
            #expect(second.process == third.process)
        }
    }

    @Test func `a connection that was idle moves to the loop of its next caller`() async throws {
        let loops = EventLoopGroup(count: 2)
        defer { loops.stop() }
        let clock = HandClock()
        let database = Database(
            PostgresDatabase(try await PostgresServer.shared.configuration(), connections: 1, clock: clock))
        let first = try await process(database, loops.loops[0].isolation)
        clock.advance(by: .seconds(11))
        let second = try await process(database, loops.loops[1].isolation)
        clock.advance(by: .seconds(1))
        let third = try await process(database, loops.loops[0].isolation)
        clock.advance(by: .seconds(11))
        let fourth = try await process(database, loops.loops[0].isolation)
        #expect(first.isSameLoop && second.isSameLoop && !third.isSameLoop && fourth.isSameLoop)
        await database.stop()
    }

    @Test func `a loop that is blocked does not delay the statements of others`() async throws {
        let loops = EventLoopGroup(count: 2)
        defer { loops.stop() }
        try await withPostgres(connections: 1) { database in
            _ = try await process(database, loops.loops[0].isolation)
            let isBlocked = Mutex(true)
            loops.loops[0].execute { while isBlocked.withLock({ $0 }) { usleep(1000) } }
            let second = try await process(database, loops.loops[1].isolation)
            #expect(second.process != nil)
            isBlocked.withLock { $0 = false }
        }
    }

    @Test func `the end of an event loop closes its connections, and others replace them`() async throws {
        let loops = EventLoopGroup(count: 1)
        try await withPostgres(connections: 1) { database in
            let first = try await process(database, loops.loops[0].isolation)
            #expect(first.isSameLoop)
            await loops.loops[0].perform {}
            loops.stop()
            let numbers = try await database.numbers("SELECT 1")
            #expect(numbers == [1])
        }
    }

    @Test func `a statement of a task outside of the loops goes on when a loop ends`() async throws {
        let loops = EventLoopGroup(count: 1)
        let configuration = try await PostgresServer.shared.configuration()
        let database = Database(PostgresDatabase(configuration, connections: 1))
        let other = Database(PostgresDatabase(configuration, connections: 2))
        let first = try await process(database, loops.loops[0].isolation)
        #expect(first.isSameLoop)
        let waits = try await other.atomic { holder in
            try await holder.execute("SELECT pg_advisory_xact_lock(7)")
            let waits = Task {
                try await database.atomic { try await $0.numbers("SELECT 1 FROM pg_advisory_xact_lock(7)") }
            }
            try await eventually {
                try await other.numbers(
                    """
                    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """) == [1]
            }
            loops.stop()
            return waits
        }
        let numbers = try await waits.value
        #expect(numbers == [1])
        await other.stop()
        await database.stop()
    }

    @Test func `a statement of a cancelled task on a loop is not sent`() async throws {
        let loops = EventLoopGroup(count: 1)
        defer { loops.stop() }
        try await withPostgres { database in
            try await database.execute("CREATE TABLE t (i int)")
            let isolation = loops.loops[0].isolation
            let task = Task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return try await insert(database, isolation)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let numbers = try await database.numbers("SELECT count(*) FROM t")
            #expect(numbers == [0])
        }
    }

    private func insert(_ database: Database, _ isolation: isolated LoopIsolation) async throws -> Int {
        try await database.execute("INSERT INTO t VALUES (1)")
    }

    @Test func `a long result is read in several turns of the loop`() async throws {
        let loops = EventLoopGroup(count: 1)
        defer { loops.stop() }
        try await withPostgres { database in
            let turns = try await turns(
                of: "SELECT i FROM generate_series(1, 3000) i", database, loops.loops[0].isolation)
            #expect(turns.count == 3000)
            #expect(Set(turns).count >= 5)
        }
    }

    /// Returns the loop's turn in which each row was read.
    private func turns(of sql: SQL, _ database: Database, _ isolation: isolated LoopIsolation) async throws -> [Int] {
        let loop = isolation.loop
        return try await database.query(sql) { _ in loop.turnCount }
    }

    @Test func `a task that is cancelled while a long result is read gets no rows`() async throws {
        try await withPostgres { database in
            let task = Mutex<Task<[Int64], any Error>?>(nil)
            let (starts, start) = AsyncStream.makeStream(of: Void.self)
            let reads = Task {
                for await _ in starts { break }
                return try await database.query("SELECT i FROM generate_series(1, 3000) i") {
                    row throws(DatabaseError) in
                    let number = try row.integer(0)
                    if number == 1000 { task.withLock { $0 }?.cancel() }
                    return number
                }
            }
            task.withLock { $0 = reads }
            start.yield()
            await #expect(throws: CancellationError.self) { try await reads.value }
            let numbers = try await database.numbers("SELECT 1")
            #expect(numbers == [1])
        }
    }
}
