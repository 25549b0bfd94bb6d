import Foundation
import RedisServers
import Testing

/// An independent program that runs against the server.
enum Peer {
    /// The time limit of a peer in seconds. After it, the peer is killed and its test fails.
    static let limit = 600

    /// Runs `program`, a path or a name to look up in `PATH`. Returns its standard output and standard error. Throws
    /// them as an error if it fails.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> String {
        guard let executable = locate(program) else { throw PeerError.missing(program) }
        let done = try await Errand.run(executable, arguments, environment: environment, limit: limit)
        let line = ([program] + arguments).joined(separator: " ")
        if done.wasLate { throw PeerError("\(line) was killed after \(limit) seconds. It printed:\n\(done.text)") }
        guard done.code == 0 else { throw PeerError("\(line) exited with \(done.code). It printed:\n\(done.text)") }
        return done.text
    }

    /// Runs a script of `Tests/Peers` with the Python that has `websockets`.
    @discardableResult
    static func python(_ script: String, _ arguments: String...) async throws -> String {
        try await run(Checkout.python, ["-B", Checkout.peer(script)] + arguments)
    }

    /// The path of a program: `program` itself, or its place in `PATH`.
    private static func locate(_ program: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = program.contains("/") ? [program] : path.split(separator: ":").map { "\($0)/\(program)" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
