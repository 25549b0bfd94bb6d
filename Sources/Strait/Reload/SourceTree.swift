import FoundationEssentials

/// The files that a program is built from, as they are at a moment: what changed between two such moments is to be built.
struct SourceTree: Equatable {
    /// When each file was changed last, by its path.
    private var files: [String: Date] = [:]

    /// Folders in which nothing is that somebody wrote.
    private static let skipped: Set<String> = ["node_modules", "DerivedData"]

    /// All files beneath `folder`, but for hidden ones: `.build` is among those.
    ///
    /// - Parameter skipped: Folders whose files need no build, by their paths.
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

    /// A file that is not as it was in `other`, or is in one of them alone; nil where they are alike.
    func firstChange(since other: SourceTree) -> String? {
        files.keys.sorted().first { files[$0] != other.files[$0] }
            ?? other.files.keys.sorted().first { files[$0] == nil }
    }
}
