import Foundation

/// Calls `body` with the path of a new folder, which is removed afterwards.
package nonisolated(nonsending) func withTemporaryFolder(
    _ body: nonisolated(nonsending) (String) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "strait-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.path)
}
