import FoundationEssentials

/// The modification times of a program's source files. Comparing two of them finds changes to build.
struct SourceTree: Equatable {
    /// The time of each file's last change, by its path.
    private var files: [String: Date] = [:]

    /// Folders that contain only generated or downloaded files.
    private static let skipped: Set<String> = ["node_modules", "DerivedData"]

    /// Reads all files beneath `folder` except hidden ones, which include `.build`.
    ///
    /// - Parameter skipped: The paths of folders whose files need no build.
    init(of folder: String, except skipped: Set<String> = []) { add(folder, skipped) }

    private mutating func add(_ folder: String, _ skipped: Set<String>) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            if name.hasPrefix(".") || name.hasSuffix("~") || Self.skipped.contains(name) { continue }
            let path = folder + "/" + name
            if skipped.contains(path) { continue }
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { continue }
            if facts[.type] as? FileAttributeType == .typeDirectory {
                add(path, skipped)
            } else if let date = facts[.modificationDate] as? Date {
                files[path] = date
            }
        }
    }

    /// Returns a file that differs from `other` or exists in only one of them. Returns nil if there is no difference.
    func firstChange(since other: SourceTree) -> String? {
        files.keys.sorted().first { files[$0] != other.files[$0] }
            ?? other.files.keys.sorted().first { files[$0] == nil }
    }
}
