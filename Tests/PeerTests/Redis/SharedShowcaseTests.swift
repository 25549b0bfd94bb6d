import Foundation
import RedisServers
import TestFolders
import Testing

/// The built showcase in several processes that share a Redis server. Only `CHANNEL_LAYERS` differs from the
/// defaults.
@Suite(.timeLimit(.minutes(20))) struct SharedShowcaseTests {
    private let server: RedisServer
    private let environment: [String: String]

    init() async throws {
        server = try await RedisServer()
        let backend = "channels_redis.core.RedisChannelLayer"
        environment = [
            "DEBUG": "true",
            "CHANNEL_LAYERS": #"{"default": {"BACKEND": "\#(backend)", "CONFIG": {"hosts": ["\#(server.url)"]}}}"#,
        ]
    }

    /// Starts the program with `arguments`, and returns when it serves.
    private func start(_ arguments: String...) async throws -> (program: Guardian, port: String) {
        try await start(arguments, environment)
    }

    private func start(
        _ arguments: [String], _ environment: [String: String]
    ) async throws -> (program: Guardian, port: String) {
        let program = try await Guardian(ShowcaseServer.program(), arguments, environment: environment) {
            $0.contains("stop it with Ctrl-C")
        }
        return (program, String(program.text.firstMatch(of: /127\.0\.0\.1:([0-9]+)\//)?.1 ?? ""))
    }

    @Test func `members in two processes see each other, and those of a killed process leave in ten seconds`()
        async throws
    {
        let one = try await start("--port", "0", "--loops", "1", "--no-access-log")
        let other = try await start("--port", "0", "--loops", "1", "--no-access-log")
        try await Peer.python(
            "python/rooms.py", "127.0.0.1:\(one.port)", "127.0.0.1:\(other.port)", String(other.program.process))
    }

    @Test func `a logout at one process closes the user's sockets at another`() async throws {
        try await withTemporaryFolder { folder in
            var environment = environment
            environment["SECRET_KEY"] = "django-insecure-test-secret-key-0123456789"
            environment["DATABASE_URL"] = "sqlite:///\(folder)/db.sqlite3"
            try await Peer.run(try ShowcaseServer.program(), ["migrate", "--accounts"], environment: environment)
            let arguments = ["--accounts", "--port", "0", "--loops", "1", "--no-access-log"]
            let one = try await start(arguments, environment)
            let other = try await start(arguments, environment)
            try await Peer.python("python/logout.py", "127.0.0.1:\(one.port)", "127.0.0.1:\(other.port)")
        }
    }

    @Test func `a command-line message reaches a room, and a job reaches a worker, which replies`()
        async throws
    {
        let web = try await start("--port", "0", "--loops", "1", "--no-access-log")
        let worker = try await start("runworker", "thumbnails", "resize")
        #expect(worker.program.text.contains("Processing thumbnails, resize; stop it with Ctrl-C."))
        try await Peer.python(
            "python/commands.py", "127.0.0.1:\(web.port)", try ShowcaseServer.program(), environment["CHANNEL_LAYERS"]!)
    }

    @Test(arguments: ["core", "pubsub"])
    func `after random outages of Redis, every socket gets every message again`(layer: String) async throws {
        try await Peer.python(
            "python/chaos.py", try ShowcaseServer.program(), "--seconds", "4", "--layer", layer)
    }
}
