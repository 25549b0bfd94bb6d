import Foundation

/// A folder of one test's own, which goes with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "strait-command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in it.
    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Makes a folder, and those around it.
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: self(name)))
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: self(name), encoding: .utf8) }

    /// Every file and folder in it, sorted.
    var content: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }

    /// Every file in it, sorted.
    var files: [String] {
        content.filter {
            (try? URL(filePath: self($0)).resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
        }
    }
}
