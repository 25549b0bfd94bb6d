import Foundation

/// A temporary folder that is deleted with this instance.
package final class ScratchFolder: Sendable {
    package let path = FileManager.default.temporaryDirectory.appendingPathComponent("strait-\(UUID().uuidString)").path

    package init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The names of the files in the folder.
    package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// The number of files of the folder that this process has open, including unnamed ones.
    package var nameless: Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return descriptors.filter {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
            return target?.hasPrefix(path) == true
        }.count
    }
}
