import Foundation
import RedisServers

/// A folder that the built program `showcase` works in, for one test.
final class ProgramFolder: Sendable {
    let path = NSTemporaryDirectory() + "strait-program-\(UUID().uuidString)"

    /// Makes it, with these files.
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

    /// What is in the file of that name; nil where there is none.
    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The paths of all files and folders beneath `name`.
    func names(beneath name: String) -> [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: path + "/" + name).sorted()) ?? []
    }

    /// Runs the program to its end: the lines that it printed, and its code, which is negative where a signal ended it.
    ///
    /// - Parameter settings: What the environment says; what it says otherwise of a site's safety is taken away.
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
