internal import FoundationEssentials
public import StraitNetwork

/// Where static files come from: a folder, or the program itself.
public enum StaticSource: Sendable {
    /// All files of a folder and those beneath it, by their paths in it. Names that begin with a dot are left out.
    case folder(String)
    /// Files that are compiled into the program, by their names.
    case embedded([String: Bytes])

    /// All names, with `/` between folders, in order.
    ///
    /// - Throws: ``StaticFilesError`` where a folder cannot be read.
    func names() throws(StaticFilesError) -> [String] {
        switch self {
        case .embedded(let files): files.keys.sorted()
        case .folder(let path): try StaticFolder(path: path).names()
        }
    }

    /// What is in the file `name`; nil where there is none.
    ///
    /// - Throws: ``StaticFilesError`` where there is one that cannot be read.
    func contents(of name: String) throws(StaticFilesError) -> Bytes? {
        switch self {
        case .embedded(let files): return files[name]
        case .folder:
            guard let path = path(of: name) else { return nil }
            guard let data = FileManager.default.contents(atPath: path) else { throw .file(path) }
            return Bytes(Array(data))
        }
    }

    /// Where the file `name` is on disk, if it is in a folder and there; never outside of the folder.
    func path(of name: String) -> String? {
        guard case .folder(let folder) = self, StaticName.isInside(name) else { return nil }
        let path = folder + "/" + name
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder else { return nil }
        // A link may lead out of the folder.
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        return real.hasPrefix(root + "/") ? path : nil
    }
}
