import Foundation

/// A program that ends when this process does, however that ends: a shell beside it waits for the end of a pipe.
public final class Guardian: Sendable {
    /// The program's process id.
    public let process: Int32
    private let shell: ChildProcess

    /// Starts `program` and returns once it has printed a line that `ready` likes.
    ///
    /// - Throws: ``RedisServerFailure`` with what it printed where it ends before.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        ready: @escaping @Sendable (String) -> Bool
    ) async throws {
        // The program has no input, and the shell only that one.
        let script = #"exec 3<&0; "$@" </dev/null 3<&- & echo "process $!"; read -r _ <&3; kill -9 $! 2>/dev/null"#
        shell = try ChildProcess(
            "/bin/bash", ["-c", script, "guardian", program] + arguments, environment: environment)
        let output = shell.output
        guard let first = await output.first(where: { $0.hasPrefix("process ") }),
            let process = Int32(first.dropFirst("process ".count))
        else { throw RedisServerFailure("\(program) could not be started.") }
        self.process = process
        guard await output.first(where: ready) != nil else {
            throw RedisServerFailure("\(program) ended. It printed:\n\(output.text)")
        }
    }

    deinit { kill() }

    /// What it has printed so far.
    public var text: String { shell.output.text }

    /// The first line, from the start on, that `isWanted` likes; nil where it ends without one.
    public func line(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await shell.output.first(where: isWanted)
    }

    /// Ends it at once, and returns when it has ended.
    public func end() async {
        kill()
        await shell.end()
    }

    /// The shell ends the program when nobody has its input any more.
    private func kill() { shell.closeInput() }
}
