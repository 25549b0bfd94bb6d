import Foundation
import RedisServers
import Testing

/// The built program `showcase`, which serves on a free loopback port.
struct ShowcaseServer: Sendable {
    /// The server of the running suite.
    @TaskLocal static var current: ShowcaseServer?

    /// The port that it listens on.
    let port: Int
    /// Its process ID.
    let process: Int32

    /// `127.0.0.1:PORT`.
    var host: String { "127.0.0.1:\(port)" }

    /// Returns the server of the running suite. A suite requests it with the trait `.servesShowcase`.
    static func ofSuite() throws -> ShowcaseServer {
        try #require(current, "The suite needs the trait .servesShowcase.")
    }

    /// The path of the built program, next to the test bundle.
    static func program() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("showcase")
        if FileManager.default.fileExists(atPath: beside.path) { return beside.path }
        return Bundle.main.bundleURL.appendingPathComponent("showcase").path
    }

    /// Starts the program with additional `options` and `environment`, calls `body` with it, and kills it.
    static func run(
        options: [String] = [], environment: [String: String] = ["DEBUG": "true"],
        _ body: @Sendable (ShowcaseServer) async throws -> Void
    ) async throws {
        let program = try RunningProgram(
            try program(), ["--port", "0", "--loops", "1", "--no-access-log"] + options, environment: environment)
        let text = await program.line()
        let match = try #require(
            text.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//), "showcase did not serve. It printed: \(text)")
        let port = try #require(Int(match.1))

        let result: Result<Void, any Error>
        do { result = .success(try await body(ShowcaseServer(port: port, process: program.process))) } catch {
            result = .failure(error)
        }
        #expect(program.isRunning, "showcase exited during the test.")
        await program.kill()
        try result.get()
    }
}
