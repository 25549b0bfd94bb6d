import Foundation
import Synchronization
import Testing

/// A program that was not written here, run against the server.
enum Peer {
    /// How long a peer may take, in seconds, before it is ended and its test fails.
    static let limit = 60

    /// Runs `program`, a path or a name to look up, and gives what it printed on standard output and error. Throws what
    /// it printed where it fails.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> String {
        guard let executable = locate(program) else { throw PeerError.missing(program) }
        // A file takes what is printed however much it is, while nobody reads.
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("strait-peer-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: path.path, contents: nil) else {
            throw PeerError("\(path.path) cannot be written.")
        }
        defer { try? FileManager.default.removeItem(at: path) }
        let output = try FileHandle(forWritingTo: path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output

        let wasLate = try await end(of: process)
        try output.close()
        let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        let line = ([program] + arguments).joined(separator: " ")
        if wasLate { throw PeerError("\(line) was ended after \(limit) seconds. It printed:\n\(text)") }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw PeerError("\(line) ended with \(process.terminationStatus). It printed:\n\(text)")
        }
        return text
    }

    /// Runs a script of `Tests/Peers` in the Python that has `websockets`.
    @discardableResult
    static func python(_ script: String, _ arguments: String...) async throws -> String {
        try await run(Checkout.python, ["-B", Checkout.peer(script)] + arguments)
    }

    /// Starts `process` and waits for its end without holding a thread. True where it had to be ended.
    private static func end(of process: Process) async throws -> Bool {
        let wasLate = Mutex(false)
        let timer = DispatchSource.makeTimerSource()
        defer { timer.cancel() }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
                return
            }
            let identifier = process.processIdentifier
            timer.schedule(deadline: .now() + .seconds(limit))
            timer.setEventHandler {
                wasLate.withLock { $0 = true }
                kill(identifier, SIGKILL)
            }
            timer.resume()
        }
        return wasLate.withLock { $0 }
    }

    /// The path of a program: itself, or where `PATH` has it.
    private static func locate(_ program: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = program.contains("/") ? [program] : path.split(separator: ":").map { "\($0)/\(program)" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
