import Glibc
import PostgresServers
import StraitCore
import StraitDatabase
import StraitTesting
import Testing

@Suite struct `PostgreSQL outages and limits` {
    private func error(_ configuration: PostgresConfiguration) async -> DatabaseError? {
        var configuration = configuration
        configuration.connectTimeout = .seconds(60)
        let delay = RetryDelay(first: .seconds(20), longest: .seconds(20))
        let database = Database(PostgresDatabase(configuration, delay: delay, clock: CountingClock {}))
        defer { Task { await database.stop() } }
        return await #expect(throws: DatabaseError.self) { try await database.numbers("SELECT 1") }
    }

    @Test func `a wrong password, database, host or certificate gets a clear error without the password`() async throws
    {
        let server = try await PostgresServer.shared
        var locked = PostgresConfiguration(
            host: .tcp("localhost"), port: server.port, user: PostgresServer.lockedUser, password: "wrong",
            database: "postgres")
        let password = await error(locked)
        #expect(password?.code == .connection)
        #expect(
            password?.description.hasPrefix(
                "PostgreSQL at localhost:\(server.port) rejects the user locked: the password is wrong") == true,
            "\(password?.description ?? "")")
        #expect(password?.description.contains("wrong\"") == false, "\(password?.description ?? "")")
        locked.password = "right"
        let database = Database(PostgresDatabase(locked))
        #expect(try await database.texts("SELECT current_user") == ["locked"])
        await database.stop()
        locked.tls = "require"
        #expect(await error(locked)?.description.contains("server does not support SSL") == true)
        let missing = await error(
            PostgresConfiguration(
                host: .socket(server.folder), port: server.port, user: PostgresServer.user, database: "nothing"))
        #expect(
            missing?.description == """
                PostgreSQL at \(server.folder)/.s.PGSQL.\(server.port) has no database 'nothing'. Create it with \
                `createdb nothing`, or correct the name in the database's URL.
                """)
        let folder = await error(PostgresConfiguration(host: .socket("/nowhere"), database: "a"))
        #expect(folder?.description.hasPrefix("PostgreSQL at /nowhere/.s.PGSQL.5432 cannot be reached") == true)
        #expect(
            await error(PostgresConfiguration(host: .tcp("host.invalid"), database: "a"))?.code == .connection)
    }

    @Test func `TLS follows sslmode, and a certificate is verified`() async throws {
        let server = try await PostgresServer(isSecure: true)
        var configuration = PostgresConfiguration(
            host: .tcp("localhost"), port: server.port, user: PostgresServer.user, database: "postgres")
        func isSecure() async throws -> [DatabaseValue] {
            let database = Database(PostgresDatabase(configuration))
            let values = try await database.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") { $0[0] }
            await database.stop()
            return values
        }
        #expect(try await isSecure() == [.text("t")])
        configuration.tls = "disable"
        #expect(try await isSecure() == [.text("f")])
        configuration.tls = "verify-full"
        configuration.parameters["sslrootcert"] = server.certificate
        #expect(try await isSecure() == [.text("t")])
        configuration.host = .tcp("127.0.0.1")
        let name = await error(configuration)
        #expect(name?.description.contains("does not match host name") == true)
        #expect(name?.description.hasPrefix("TLS to PostgreSQL at 127.0.0.1:\(server.port) failed: ") == true)
        configuration.parameters["sslrootcert"] = "/nowhere"
        #expect(await error(configuration)?.description.contains("\"/nowhere\" does not exist") == true)
    }

    @Test func `too many connections are an error that says what to do`() async throws {
        let server = try await PostgresServer(options: ["max_connections=3", "superuser_reserved_connections=0"])
        let configuration = try await server.configuration()
        let database = Database(PostgresDatabase(configuration, connections: 3))
        let journal = Journal()
        let holders = (0..<3).map { _ in
            Task {
                try await database.atomic { inner in
                    _ = try await inner.numbers("SELECT 1")
                    journal.note("held")
                    try await inner.execute("SELECT pg_sleep(600)")
                }
            }
        }
        await eventually { journal.count(of: "held") == 3 }
        let full = await error(configuration)
        #expect(full?.code == .connection)
        #expect(full?.description.contains("has too many connections. Use fewer in this process") == true)
        for holder in holders { holder.cancel() }
        for holder in holders { await #expect(throws: CancellationError.self) { try await holder.value } }
        await database.stop()
    }

    @Test func `a lock and a statement have time limits`() async throws {
        try await withPostgres(change: { $0.parameters["options"] = "-c lock_timeout=50 -c statement_timeout=30000" }) {
            database in
            try await database.execute("CREATE TABLE t (x int)")
            try await database.execute("INSERT INTO t VALUES (1)")
            try await database.atomic { inner in
                try await inner.execute("UPDATE t SET x = 2")
                let busy = await #expect(throws: DatabaseError.self) {
                    try await database.execute("UPDATE t SET x = 3")
                }
                #expect(busy?.code == .busy)
                #expect(busy?.isRetryable == true)
            }
            let late = await #expect(throws: DatabaseError.self) {
                try await database.atomic { inner in
                    try await inner.execute("SET LOCAL statement_timeout = 20")
                    try await inner.execute("SELECT pg_sleep(600)")
                }
            }
            #expect(late?.code == .timeout)
        }
    }

    @Test func `a full pool gives an error, and works again afterwards`() async throws {
        let configuration = try await PostgresServer.shared.configuration()
        let database = Database(
            PostgresDatabase(configuration, connections: 1, queue: 2, timeout: .seconds(600)))
        let journal = Journal()
        try await database.atomic { inner in
            let waiting = (0..<2).map { _ in Task { try await database.numbers("SELECT 1") } }
            await eventually { database.metrics()[1].value == 2 }
            let error = await #expect(throws: DatabaseError.self) { try await database.numbers("SELECT 1") }
            #expect(error?.code == .busy)
            journal.note("full")
            waiting[0].cancel()
            await #expect(throws: CancellationError.self) { try await waiting[0].value }
            await inner.onCommit { #expect((try? await waiting[1].value) == [1]) }
        }
        #expect(try await database.numbers("SELECT 1") == [1])
        await database.stop()
    }

    @Test func `a deadlock and a serialization failure can be retried`() async throws {
        try await withPostgres(change: { $0.parameters["options"] = "-c deadlock_timeout=20" }) { database in
            try await database.execute("CREATE TABLE t (id int, x int)")
            try await database.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
            let journal = Journal()
            func swap(_ first: Int, _ second: Int) -> Task<Void, any Error> {
                Task {
                    try await database.atomic(retries: 20) { inner in
                        try await inner.execute("UPDATE t SET x = x + 1 WHERE id = \(first)")
                        journal.note("first")
                        await eventually { journal.count(of: "first") >= 2 }
                        try await inner.execute("UPDATE t SET x = x + 1 WHERE id = \(second)")
                    }
                }
            }
            let tasks = [swap(1, 2), swap(2, 1)]
            for task in tasks { try await task.value }
            #expect(journal.count(of: "first") >= 3)
            #expect(try await database.numbers("SELECT x FROM t ORDER BY id") == [2, 2])

            let conflict = await #expect(throws: DatabaseError.self) {
                _ = try await database.atomic(isolation: .repeatableRead) { inner in
                    _ = try await inner.numbers("SELECT x FROM t")
                    try await database.execute("UPDATE t SET x = 7")
                    try await inner.execute("UPDATE t SET x = 8")
                }
            }
            #expect(conflict?.code == .serialization)
            #expect(conflict?.isRetryable == true)
            #expect(try await database.numbers("SELECT x FROM t") == [7, 7])
        }
    }

    @Test func `a connection that is lost during the commit leaves the outcome unknown`() async throws {
        try await withPostgres { database in
            try await database.execute("CREATE TABLE t (x int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            try await database.execute(
                """
                CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
                'BEGIN PERFORM pg_sleep(600); RETURN NULL; END'
                """)
            try await database.execute(
                """
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE \
                FUNCTION wait()
                """)
            let task = Task {
                try await database.atomic { inner in try await inner.execute("INSERT INTO t VALUES (1)") }
            }
            try await eventually {
                try await database.numbers(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = \
                    'active' AND datname = current_database()
                    """) == [1]
            }
            let error = await #expect(throws: DatabaseError.self) { try await task.value }
            #expect(error?.code == .unknownOutcome)
            #expect(try await database.numbers("SELECT count(*) FROM t") == [0])
        }
    }

    @Test(arguments: [true, false])
    func `a restart under load gives only documented errors, and the database works again`(crash: Bool) async throws {
        let server = try await PostgresServer()
        let configuration = try await server.configuration()
        let database = Database(PostgresDatabase(configuration, connections: 8))
        try await database.execute("CREATE TABLE t (x bigint)")
        let journal = Journal()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    while journal.count(of: "over") == 0 {
                        do {
                            if number % 2 == 0 {
                                try await database.execute("INSERT INTO t VALUES (\(number))")
                            } else {
                                _ = try await database.atomic { inner in
                                    try await inner.execute("INSERT INTO t VALUES (\(number))")
                                }
                            }
                            if journal.count(of: "stopped") > 0 { journal.note("works") }
                        } catch let error as DatabaseError {
                            #expect([.connection, .unknownOutcome].contains(error.code), "\(error)")
                        }
                    }
                }
            }
            try await eventually { try await database.numbers("SELECT count(*) FROM t")[0] > 100 }
            // At least this statement runs when the server ends.
            let running = Task { try await database.execute("SELECT pg_sleep(600)") }
            try await eventually {
                try await database.numbers(
                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'")
                    == [1]
            }
            if crash { await server.crash() } else { await server.stop() }
            journal.note("stopped")
            let error = await failure { _ = try await running.value }
            #expect(error?.code == .connection)
            try await server.start()
            await eventually { journal.count(of: "works") > 100 }
            journal.note("over")
            try await group.waitForAll()
        }
        await database.stop()
    }

    @Test func `a stop ends an attempt to connect`() async throws {
        let server = try await PostgresServer()
        let configuration = try await server.configuration()
        guard let process = server.process else { return }
        for steps in [0, 1, 10, 100, 1000] {
            let database = Database(PostgresDatabase(configuration))
            kill(process, SIGSTOP)
            let task = Task { try await database.numbers("SELECT 1") }
            for _ in 0..<steps { await Task.yield() }
            await database.stop()
            let error = await failure { _ = try await task.value }
            #expect(error?.description == "The database is closed, because the site is stopping.")
            kill(process, SIGCONT)
        }
    }

    @Test func `a stopped database refuses statements`() async throws {
        try await withPostgres { database in
            _ = try await database.numbers("SELECT 1")
            await database.stop()
            let error = await #expect(throws: DatabaseError.self) { try await database.numbers("SELECT 1") }
            #expect(error?.description == "The database is closed, because the site is stopping.")
        }
    }
}
