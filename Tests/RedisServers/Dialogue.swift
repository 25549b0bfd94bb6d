import Foundation

/// A program that is talked to by lines. It has to end when its input does, so that it ends with this process, however
/// that ends.
public final class Dialogue: Sendable {
    private let child: ChildProcess
    private let name: String

    /// Starts `program`, the path of an executable.
    public init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        // A program that has ended is told by an error, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        name = ([program] + arguments).joined(separator: " ")
        child = try ChildProcess(program, arguments, environment: environment)
    }

    deinit { child.closeInput() }

    /// Says a line.
    public func say(_ line: String) throws { try child.write(line + "\n") }

    /// The first line, from the start on, that `isWanted` likes.
    ///
    /// - Throws: ``RedisServerFailure`` with what it printed where it ends without one.
    public func line(where isWanted: @escaping @Sendable (String) -> Bool) async throws -> String {
        if let line = await child.output.first(where: isWanted) { return line }
        throw RedisServerFailure("\(name) ended. It printed:\n\(child.output.text)")
    }

    /// What it has printed so far.
    public var text: String { child.output.text }

    /// Ends its input, whereupon it ends.
    public func end() { child.closeInput() }
}
