import Foundation

/// A program that communicates in lines. It must exit when its input closes, so that it never outlives this process.
public final class Dialogue: Sendable {
    private let child: ChildProcess
    private let name: String

    /// Starts `program`, the path of an executable.
    public init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        // Writing to an ended program must throw an error, not raise a signal.
        signal(SIGPIPE, SIG_IGN)
        name = ([program] + arguments).joined(separator: " ")
        child = try ChildProcess(program, arguments, environment: environment)
    }

    deinit { child.closeInput() }

    /// Writes a line to the program's input.
    public func say(_ line: String) throws { try child.write(line + "\n") }

    /// Returns the first line, from the start of the output, that `isWanted` accepts.
    ///
    /// - Throws: ``RedisServerFailure`` with the output if the program ends without such a line.
    public func line(where isWanted: @escaping @Sendable (String) -> Bool) async throws -> String {
        if let line = await child.output.first(where: isWanted) { return line }
        throw RedisServerFailure("\(name) ended. It printed:\n\(child.output.text)")
    }

    /// The output so far.
    public var text: String { child.output.text }

    /// Closes the program's input, so that it exits.
    public func end() { child.closeInput() }
}
