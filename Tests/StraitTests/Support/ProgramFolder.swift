import Foundation
import RedisServers

/// A test's working folder for the built program `showcase`.
final class ProgramFolder: Sendable {
    let path = NSTemporaryDirectory() + "strait-program-\(UUID().uuidString)"

    /// Creates the folder with `files`.
    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Returns the contents of the file named `name`, or nil if there is none.
    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the paths of all files and folders in the folder named `name`.
    func names(beneath name: String) -> [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: path + "/" + name).sorted()) ?? []
    }

    /// Runs the program until it ends. The exit code is negative if a signal ended it.
    ///
    /// - Parameter settings: Environment variables. By default, `DEBUG` is false, and `SECRET_KEY` and `ALLOWED_HOSTS`
    ///   are empty.
    func run(_ line: String, _ settings: [String: String] = [:]) async throws -> ProgramRun {
        let errand = try await Errand.run(
            "/bin/sh",
            ["-c", "cd \"$0\" && exec \"$@\" >.output 2>.errors", path, try Executable.program.path]
                + line.split(separator: " ").map(String.init),
            environment: ["DEBUG": "false", "SECRET_KEY": "", "ALLOWED_HOSTS": ""].merging(settings) { $1 }, limit: 600)
        return ProgramRun(
            code: errand.code, output: Self.lines(text(".output") ?? ""),
            errors: Self.lines(text(".errors") ?? errand.text))
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
