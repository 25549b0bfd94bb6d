import Foundation
import RedisServers
import Testing

/// A program that was not written here, run against the server.
enum Peer {
    /// How long a peer may take, in seconds, before it is ended and its test fails.
    static let limit = 600

    /// Runs `program`, a path or a name to look up, and gives what it printed on standard output and error. Throws what
    /// it printed where it fails.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> String {
        guard let executable = locate(program) else { throw PeerError.missing(program) }
        let done = try await Errand.run(executable, arguments, environment: environment, limit: limit)
        let line = ([program] + arguments).joined(separator: " ")
        if done.wasLate { throw PeerError("\(line) was ended after \(limit) seconds. It printed:\n\(done.text)") }
        guard done.code == 0 else { throw PeerError("\(line) ended with \(done.code). It printed:\n\(done.text)") }
        return done.text
    }

    /// Runs a script of `Tests/Peers` in the Python that has `websockets`.
    @discardableResult
    static func python(_ script: String, _ arguments: String...) async throws -> String {
        try await run(Checkout.python, ["-B", Checkout.peer(script)] + arguments)
    }

    /// The path of a program: itself, or where `PATH` has it.
    private static func locate(_ program: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = program.contains("/") ? [program] : path.split(separator: ":").map { "\($0)/\(program)" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
