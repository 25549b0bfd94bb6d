import Foundation

/// A server process for a test. It is killed when the last reference to it is released and when this process ends.
public final class Guardian: Sendable {
    private let child: ChildProcess

    /// Starts `program` and returns when it has printed a line that `ready` accepts.
    ///
    /// - Throws: ``RedisServerFailure`` with the output if it ends before that.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        ready: @escaping @Sendable (String) -> Bool
    ) async throws {
        child = try ChildProcess(program, arguments, environment: environment)
        child.closeInput()
        let output = child.output
        guard await output.first(where: ready) != nil else {
            throw RedisServerFailure("\(program) ended. It printed:\n\(output.text)")
        }
    }

    deinit { child.signal(SIGKILL) }

    /// The program's process ID.
    public var process: Int32 { child.process }

    /// The output so far.
    public var text: String { child.output.text }

    /// Returns the first line, from the start of the output, that `isWanted` accepts. Returns nil if the program ends
    /// without one.
    public func line(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await child.output.first(where: isWanted)
    }

    /// Kills the program and returns when it has ended.
    public func end() async {
        child.signal(SIGKILL)
        _ = await child.exit.value
    }
}
