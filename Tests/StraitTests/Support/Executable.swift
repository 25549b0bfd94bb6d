import Foundation
import Testing

/// The built program `showcase`, run as a process of its own.
final class Executable {
    let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    /// Starts it with `arguments`.
    ///
    /// - Parameters:
    ///   - input: What it inherits as descriptor 0; nothing to read unless given.
    ///   - descriptors: How many descriptors it may open; as many as this process unless given.
    convenience init(_ arguments: String..., input: FileHandle = .nullDevice, descriptors: Int? = nil) throws {
        try self.init(arguments, input: input, descriptors: descriptors)
    }

    /// Starts it with `arguments`.
    ///
    /// - Parameters:
    ///   - environment: What goes over the environment of this process.
    ///   - workingFolder: Where it works; where this process does unless given.
    ///   - copy: A copy of the program to run in its place.
    init(
        _ arguments: [String], input: FileHandle = .nullDevice, descriptors: Int? = nil,
        environment: [String: String] = ["DEBUG": "true"], in workingFolder: String? = nil, copy: URL? = nil
    ) throws {
        let program = try copy ?? Self.program
        process.executableURL = program
        process.arguments = arguments
        if let descriptors {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\"", program.path] + arguments
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let workingFolder { process.currentDirectoryURL = URL(fileURLWithPath: workingFolder) }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// Where the program is: the product lies beside the test bundle.
    static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("showcase")
            if FileManager.default.fileExists(atPath: program.path) { return program }
            return Bundle.main.bundleURL.appendingPathComponent("showcase")
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The next line of standard output, or what is left at its end.
    func line() -> String { Self.line(output) }

    private static func line(_ pipe: Pipe) -> String {
        var bytes: [UInt8] = []
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The port in `Strait … serves http://127.0.0.1:PORT/ …`.
    func port(in line: String) throws -> Int {
        let match = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//))
        return try #require(Int(match.1))
    }

    /// The next line of standard error.
    func errorLine() -> String { Self.line(errors) }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end, 20 seconds at most.
    func end() -> (code: Int32, wasKilled: Bool, errors: String) {
        let deadline = Date().addingTimeInterval(20)
        while process.isRunning, Date() < deadline { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        let text = (try? errors.fileHandleForReading.readToEnd()) ?? nil
        return (
            process.terminationStatus, process.terminationReason == .uncaughtSignal,
            String(decoding: text ?? Data(), as: UTF8.self)
        )
    }
}
