import Foundation

/// A folder for one test, which is removed with this instance. Keep it in a property of the suite, or use
/// ``withTemporaryFolder(_:)``: a local constant ends with its last use.
package final class TemporaryFolder: Sendable {
    /// The path without symbolic links.
    package let path: String

    /// Creates the folder.
    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "strait-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in the folder.
    package func callAsFunction(_ name: String) -> String { path + "/" + name }

    // MARK: Writing and reading

    /// Creates a folder and its parent folders.
    package func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    }

    /// Creates or replaces a file.
    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: self(name)))
    }

    /// The text of a file.
    package func read(_ name: String) throws -> String { try String(contentsOfFile: self(name), encoding: .utf8) }

    // MARK: Contents

    /// The names of the files and folders in the folder.
    package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// The paths of all files and folders inside, sorted.
    package var content: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }

    /// The paths of all files inside, sorted.
    package var files: [String] {
        content.filter {
            (try? URL(filePath: self($0)).resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
        }
    }

    /// The number of files of the folder that this process has open, including unnamed ones.
    package var nameless: Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return descriptors.filter {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
            return target?.hasPrefix(path) == true
        }.count
    }
}

/// Calls `body` with the path of a new folder, which is removed afterwards.
package nonisolated(nonsending) func withTemporaryFolder(
    _ body: nonisolated(nonsending) (String) async throws -> Void
) async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try await body(folder.path)
}
