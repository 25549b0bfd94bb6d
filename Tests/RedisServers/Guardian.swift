import Foundation

/// A server that a test talks to. It is killed with the last reference to it, and with this process, however that ends.
public final class Guardian: Sendable {
    private let child: ChildProcess

    /// Starts `program` and returns once it has printed a line that `ready` likes.
    ///
    /// - Throws: ``RedisServerFailure`` with what it printed if it ends before.
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

    /// What it has printed so far.
    public var text: String { child.output.text }

    /// The first line, from the start on, that `isWanted` likes; nil if it ends without one.
    public func line(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await child.output.first(where: isWanted)
    }

    /// Kills it, and returns when it has ended.
    public func end() async {
        child.signal(SIGKILL)
        _ = await child.exit.value
    }
}
