internal import FoundationEssentials
public import StraitCore

/// A source of static files: a folder, or the program itself.
public enum StaticSource: Sendable {
    /// All files of a folder and its subfolders, by their paths in it. Names that begin with a dot are left out. So are
    /// links that lead out of the folder.
    case folder(String)
    /// Files compiled into the program, by name.
    case embedded([String: Bytes])

    /// Returns all names, sorted and with `/` between folders, and the entries that are left out.
    ///
    /// - Throws: ``StaticFilesError`` if a folder cannot be read.
    func listing() throws(StaticFilesError) -> StaticFolder.Listing {
        switch self {
        case .embedded(let files): StaticFolder.Listing(names: files.keys.sorted())
        case .folder(let path): try StaticFolder(path: path).listing()
        }
    }

    /// Returns the contents of the file `name`; nil if there is none.
    ///
    /// - Throws: ``StaticFilesError`` if the file exists but cannot be read.
    func contents(of name: String) throws(StaticFilesError) -> Bytes? {
        switch self {
        case .embedded(let files): return files[name]
        case .folder:
            guard let path = path(of: name) else { return nil }
            guard let data = FileManager.default.contents(atPath: path) else { throw .file(path) }
            return Bytes(Array(data))
        }
    }

    /// Returns the path of the file `name` on disk; nil if the source is not a folder, or has no such file.
    func path(of name: String) -> String? {
        guard case .folder(let folder) = self, case .file(let path) = StaticFolder(path: folder).entry(name) else {
            return nil
        }
        return path
    }
}
