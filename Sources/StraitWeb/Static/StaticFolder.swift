internal import FoundationEssentials

/// A folder of static files on disk.
struct StaticFolder {
    let path: String

    /// The paths in it of all files, its own and those of the folders beneath, in order. What begins with a dot, what is
    /// no file, such as a pipe, and links to folders are left out.
    ///
    /// - Throws: ``StaticFilesError`` where a folder cannot be read: were it taken for empty, pages would lack its files
    ///   and nobody would know why.
    func names() throws(StaticFilesError) -> [String] {
        var names: [String] = []
        try add(beneath: "", to: &names)
        return names.sorted()
    }

    /// - Parameter place: A folder's path in this one, with a slash behind it.
    private func add(beneath place: String, to names: inout [String]) throws(StaticFilesError) {
        let folder = place.isEmpty ? path : path + "/" + place.dropLast()
        let entries: [String]
        do { entries = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw .folder(folder, Self.problem(of: folder))
        }
        for entry in entries where entry.utf8.first != 0x2E {
            switch Self.kind(of: folder + "/" + entry) {
            case .typeDirectory: try add(beneath: place + entry + "/", to: &names)
            case .typeRegular: names.append(place + entry)
            case .typeSymbolicLink:
                guard let target = StaticSource.folder(path).path(of: place + entry),
                    Self.kind(of: URL(fileURLWithPath: target).resolvingSymlinksInPath().path) == .typeRegular
                else { continue }
                names.append(place + entry)
            default: continue
            }
        }
    }

    /// What is at `path`, a link being one; nil where there is nothing any more.
    private static func kind(of path: String) -> FileAttributeType? {
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    }

    private static func problem(of folder: String) -> String {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            return "There is no such folder."
        }
        return isFolder ? "The program's user has no right to read it." : "It is a file."
    }
}
