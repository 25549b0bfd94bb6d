import Foundation
import RedisServers
import Testing

/// The built program `showcase`, run as a process of its own.
struct Executable {
    private let program: RunningProgram

    /// Starts it with `arguments`.
    ///
    /// - Parameters:
    ///   - input: A descriptor that it inherits as descriptor 0; nothing to read unless given.
    ///   - descriptors: How many descriptors it may open; as many as this process unless given.
    init(_ arguments: String..., input: Int32? = nil, descriptors: Int? = nil) throws {
        try self.init(arguments, input: input, descriptors: descriptors)
    }

    /// Starts it with `arguments`.
    ///
    /// - Parameters:
    ///   - environment: Variables over those of this process.
    ///   - folder: The working directory; this process's unless given.
    ///   - copy: A copy of the program to run in its place.
    init(
        _ arguments: [String], input: Int32? = nil, descriptors: Int? = nil,
        environment: [String: String] = ["DEBUG": "true"], in folder: String? = nil, copy: URL? = nil
    ) throws {
        program = try RunningProgram(
            (copy ?? Self.program).path, arguments, environment: environment, in: folder, input: input,
            descriptors: descriptors)
    }

    /// The path of the program: the product lies beside the test bundle.
    static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("showcase")
            if FileManager.default.fileExists(atPath: program.path) { return program }
            return Bundle.main.bundleURL.appendingPathComponent("showcase")
        }
    }

    /// Its process ID.
    var process: Int32 { program.process }

    /// The next line of standard output, or what is left at its end.
    func line() async -> String { await program.line() }

    /// The port in `Strait … serves http://127.0.0.1:PORT/ …`.
    func port(in line: String) throws -> Int {
        let match = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//))
        return try #require(Int(match.1))
    }

    /// The next line of standard error.
    func errorLine() async -> String { await program.errorLine() }

    func signal(_ number: Int32) { program.signal(number) }

    /// Waits for its end.
    func end() async -> RunningProgram.End { await program.end() }
}
