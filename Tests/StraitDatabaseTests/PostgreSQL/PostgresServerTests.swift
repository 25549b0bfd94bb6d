import PostgresServers
import Testing

@Suite struct `PostgreSQL servers for tests` {
    @Test func `databases of one server are empty and apart, and a server can stop and start`() async throws {
        let server = try await PostgresServer()
        let (first, second) = (try await server.makeDatabase(), try await server.makeDatabase())
        _ = try await server.run("CREATE TABLE t AS SELECT 7 AS x", in: first)
        #expect(try await server.run("SELECT to_regclass('t') IS NULL", in: second) == "t")
        await server.stop()
        #expect(server.process == nil)
        try await server.start()
        await server.crash()
        try await server.start()
        #expect(try await server.run("SELECT x FROM t", in: first) == "7")
    }
}
