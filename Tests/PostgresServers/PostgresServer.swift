internal import Foundation
internal import Glibc
internal import RedisServers
internal import Synchronization

/// A real PostgreSQL server for tests, in a folder of its own. It listens on a Unix socket and on a loopback port. It
/// ends with this process, also if this process is killed; its folder is then removed.
///
/// PostgreSQL refuses to run as root. If the tests do, the server runs as the user `postgres`.
package final class PostgresServer: Sendable {
    /// The server's folder, which also has its Unix socket.
    package let folder: String
    /// The loopback port, which is also in the socket's name.
    package let port: Int
    /// The superuser, who needs no password.
    package static let user = "strait"
    /// A user who needs the password `right`.
    package static let lockedUser = "locked"
    private let options: [String]
    private let guardian = Mutex<Guardian?>(nil)
    /// A program that removes the folder when this process has ended, which closes the program's input.
    private let cleaner: Dialogue
    private let created = Atomic<Int>(0)

    /// Creates a database cluster and starts its server.
    ///
    /// - Parameters:
    ///   - options: Settings of the server, such as `["max_connections=3"]`.
    ///   - isSecure: Whether it accepts TLS, with the certificate in ``certificate``.
    /// - Throws: ``PostgresServerFailure``; `RedisServerFailure` with the output of a program that ended.
    package init(options: [String] = [], isSecure: Bool = false) async throws {
        // Short, because a socket's path has at most 107 bytes.
        folder = "/tmp/strait-postgres-\(UUID().uuidString.prefix(8))"
        port = try RedisServer.freePort()
        let settings = [
            "unix_socket_directories=\(folder)", "listen_addresses=127.0.0.1", "port=\(port)", "fsync=off",
            "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "shared_buffers=32MB",
            "lc_messages=C", "autovacuum=off",
        ]
        self.options = (settings + options + (isSecure ? ["ssl=on"] : [])).flatMap { ["-c", $0] }
        let cluster = try await PostgresCluster.empty
        cleaner = try await PostgresProgram.makeFolder(folder)
        try await PostgresProgram.run("cp", ["-a", cluster.data, folder + "/data"])
        let access = """
            host all \(Self.lockedUser) 127.0.0.1/32 scram-sha-256
            local all all trust
            host all all 127.0.0.1/32 trust

            """
        try access.write(toFile: folder + "/data/pg_hba.conf", atomically: false, encoding: .utf8)
        if isSecure { try await makeCertificate() }
        try await start()
        _ = try await run("CREATE ROLE \(Self.lockedUser) LOGIN PASSWORD 'right'", in: "postgres")
    }

    deinit {
        guardian.withLock { $0 = nil }
        cleaner.end()
    }

    /// The file of the self-signed certificate, which is for the name `localhost`.
    package var certificate: String { folder + "/data/server.crt" }

    private func makeCertificate() async throws {
        let options = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder + "/data/server.key", "-out", certificate,
        ]
        try await PostgresProgram.run("openssl", options)
    }

    // MARK: Databases

    /// Creates an empty database and returns its name.
    package func makeDatabase() async throws -> String {
        let name = "test_\(created.wrappingAdd(1, ordering: .relaxed).newValue)"
        _ = try await run("CREATE DATABASE \(name)", in: "postgres")
        return name
    }

    /// The URL of a database over the Unix socket.
    package func url(_ database: String) -> String {
        "postgres://\(Self.user)@/\(database)?host=\(folder)&port=\(port)"
    }

    /// Runs a statement with `psql` and returns its output.
    package func run(_ statement: String, in database: String) async throws -> String {
        let arguments = ["-h", folder, "-p", "\(port)", "-U", Self.user, "-d", database, "-XAtqc", statement]
        return try await PostgresProgram.run("psql", arguments)
    }

    // MARK: Outages

    /// Starts the server again, at the same addresses and with its data.
    package func start() async throws {
        let (program, words) = try PostgresProgram.command("postgres", ["-D", folder + "/data"] + options)
        // Both the log and the program say it; the last line before connections are accepted is this one.
        let started = try await Guardian(program, words) { $0.contains("database system is ready to accept") }
        guardian.withLock { $0 = started }
    }

    /// Ends the server as its operator does: it closes all connections and ends.
    package func stop() async { await end(SIGINT) }

    /// Kills the server, as a crash would.
    package func crash() async { await end(SIGKILL) }

    /// The server's process ID, or nil while it is stopped.
    package var process: Int32? { guardian.withLock { $0?.process } }

    private func end(_ signal: Int32) async {
        let running = guardian.withLock { guardian in
            defer { guardian = nil }
            return guardian
        }
        guard let running else { return }
        kill(running.process, signal)
        // The output ends with the server and all of its processes.
        _ = await running.line { _ in false }
        await running.end()
    }
}

extension PostgresServer {
    private static let common = Task { try await PostgresServer() }

    /// The server that tests share, each with databases of its own.
    package static var shared: PostgresServer { get async throws { try await common.value } }
}
