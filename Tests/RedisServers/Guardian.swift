import Foundation
import Synchronization

/// A program that ends when this process does, however that ends: a shell beside it waits for the end of a pipe.
public final class Guardian: Sendable {
    /// The program's process id.
    public let process: Int32
    private let input: FileHandle
    private let shell: Process
    private let output: Lines

    /// Starts `program` and returns once it has printed a line that `ready` likes.
    ///
    /// - Throws: ``RedisServerFailure`` with what it printed where it ends before.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        ready: @escaping @Sendable (String) -> Bool
    ) async throws {
        let shell = Process()
        let (input, output) = (Pipe(), Pipe())
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        // The program has no input, and the shell only that one.
        let script = #"exec 3<&0; "$@" </dev/null 3<&- & echo "process $!"; read -r _ <&3; kill -9 $! 2>/dev/null"#
        shell.arguments = ["-c", script, "guardian", program] + arguments
        shell.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        shell.standardInput = input
        shell.standardOutput = output
        shell.standardError = output
        try shell.run()
        let lines = Lines(output.fileHandleForReading)
        guard let first = await lines.first(where: { $0.hasPrefix("process ") }),
            let process = Int32(first.dropFirst("process ".count))
        else { throw RedisServerFailure("\(program) could not be started.") }
        self.process = process
        self.input = input.fileHandleForWriting
        self.shell = shell
        self.output = lines
        guard await lines.first(where: ready) != nil else {
            throw RedisServerFailure("\(program) ended. It printed:\n\(lines.text)")
        }
    }

    /// What it has printed so far.
    public var text: String { output.text }

    /// The first line, from the start on, that `isWanted` likes; nil where it ends without one.
    public func line(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await output.first(where: isWanted)
    }

    /// Ends it at once.
    public func end() {
        kill(process, SIGKILL)
        try? input.close()
        shell.waitUntilExit()
    }

    /// What a program prints, line by line, as it comes.
    private final class Lines: Sendable {
        private struct State {
            var lines: [String] = []
            var rest = Data()
            var hasEnded = false
            var waiting: [(@Sendable (String) -> Bool, CheckedContinuation<String?, Never>)] = []
        }

        private let state = Mutex(State())
        /// It is read for as long as somebody has it.
        private let handle: FileHandle

        init(_ handle: FileHandle) {
            self.handle = handle
            handle.readabilityHandler = { [self] handle in
                let data = handle.availableData
                if data.isEmpty { handle.readabilityHandler = nil }
                take(data)
            }
        }

        private func take(_ data: Data) {
            let resumed = state.withLock { state in
                var resumed: [(CheckedContinuation<String?, Never>, String?)] = []
                state.rest.append(data)
                while let end = state.rest.firstIndex(of: 0x0A) {
                    let line = String(decoding: state.rest[..<end], as: UTF8.self)
                    state.rest.removeSubrange(...end)
                    state.lines.append(line)
                    state.waiting.removeAll { isWanted, continuation in
                        guard isWanted(line) else { return false }
                        resumed.append((continuation, line))
                        return true
                    }
                }
                if data.isEmpty {
                    state.hasEnded = true
                    resumed += state.waiting.map { ($0.1, nil) }
                    state.waiting = []
                }
                return resumed
            }
            for (continuation, line) in resumed { continuation.resume(returning: line) }
        }

        var text: String { state.withLock { $0.lines.joined(separator: "\n") } }

        func first(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
            await withCheckedContinuation { continuation in
                let now: String?? = state.withLock { state in
                    if let line = state.lines.first(where: isWanted) { return .some(line) }
                    if state.hasEnded { return .some(nil) }
                    state.waiting.append((isWanted, continuation))
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        }
    }
}
