import Foundation
import RedisServers
import Testing

/// The built program `showcase`, serving on a free port of the loopback interface.
struct ShowcaseServer: Sendable {
    /// The server of the suite that runs.
    @TaskLocal static var current: ShowcaseServer?

    /// Where it listens.
    let port: Int
    /// Its process.
    let process: Int32

    /// `127.0.0.1:PORT`.
    var host: String { "127.0.0.1:\(port)" }

    /// The server of the suite that runs; a suite asks for it with the trait `.servesShowcase`.
    static func ofSuite() throws -> ShowcaseServer {
        try #require(current, "The suite needs the trait .servesShowcase.")
    }

    /// The path of the built program, which lies beside the test bundle.
    static func program() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("showcase")
        if FileManager.default.fileExists(atPath: beside.path) { return beside.path }
        return Bundle.main.bundleURL.appendingPathComponent("showcase").path
    }

    /// Starts the program with further `options` and `environment`, calls `body` with it, and ends it.
    static func run(
        options: [String] = [], environment: [String: String] = ["DEBUG": "true"],
        _ body: @Sendable (ShowcaseServer) async throws -> Void
    ) async throws {
        let program = try RunningProgram(
            try program(), ["--port", "0", "--loops", "1", "--no-access-log"] + options, environment: environment)
        let text = await program.line()
        let match = try #require(
            text.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//), "showcase did not serve; it said: \(text)")
        let port = try #require(Int(match.1))

        let result: Result<Void, any Error>
        do { result = .success(try await body(ShowcaseServer(port: port, process: program.process))) } catch {
            result = .failure(error)
        }
        #expect(program.isRunning, "showcase ended while it was talked to.")
        await program.kill()
        try result.get()
    }
}
