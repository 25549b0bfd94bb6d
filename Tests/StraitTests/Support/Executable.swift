import Foundation
import RedisServers
import Testing

/// The built program `showcase`, run as a separate process.
struct Executable {
    private let program: RunningProgram

    /// Starts the program with `arguments`.
    ///
    /// - Parameters:
    ///   - input: A descriptor that the program inherits as descriptor 0. By default, there is nothing to read.
    ///   - descriptors: The program's descriptor limit; by default, this process's.
    init(_ arguments: String..., input: Int32? = nil, descriptors: Int? = nil) throws {
        try self.init(arguments, input: input, descriptors: descriptors)
    }

    /// Starts the program with `arguments`.
    ///
    /// - Parameters:
    ///   - environment: Variables that override those of this process.
    ///   - folder: The working directory; by default, this process's.
    ///   - copy: A copy of the program to run in its place.
    init(
        _ arguments: [String], input: Int32? = nil, descriptors: Int? = nil,
        environment: [String: String] = ["DEBUG": "true"], in folder: String? = nil, copy: URL? = nil
    ) throws {
        program = try RunningProgram(
            (copy ?? Self.program).path, arguments, environment: environment, in: folder, input: input,
            descriptors: descriptors)
    }

    /// The location of the program, beside the test bundle.
    static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("showcase")
            if FileManager.default.fileExists(atPath: program.path) { return program }
            return Bundle.main.bundleURL.appendingPathComponent("showcase")
        }
    }

    /// The process ID.
    var process: Int32 { program.process }

    /// Returns the next line of standard output, or the rest at its end.
    func line() async -> String { await program.line() }

    /// Returns the port in `Strait … serves http://127.0.0.1:PORT/ …`.
    func port(in line: String) throws -> Int {
        let match = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//))
        return try #require(Int(match.1))
    }

    /// Returns the next line of standard error.
    func errorLine() async -> String { await program.errorLine() }

    func signal(_ number: Int32) { program.signal(number) }

    /// Waits until the process ends.
    func end() async -> RunningProgram.End { await program.end() }
}
