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

/// The names of static files: paths within the site's static files.
enum StaticName {
    /// Whether `name` stays where it belongs: no `..`, no empty part, no hidden file, no NUL.
    static func isInside(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains(0) && !name.utf8.contains(0x5C)
            && name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.first != 0x2E
            }
    }

    /// `css/site.css` with the first digits of a hash in it: `css/site.55e7cbb9ba48.css`.
    static func hashed(_ name: String, _ hash: String) -> String {
        let folder = name.lastIndex(of: "/").map { name[...$0] } ?? name[..<name.startIndex]
        let file = name[folder.endIndex...]
        guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return "\(name).\(hash)" }
        return "\(folder)\(file[..<dot]).\(hash)\(file[dot...])"
    }

    /// What `reference` in the file `name` leads to, without its query and fragment; nil where that is no static file.
    ///
    /// - Parameter baseURL: `STATIC_URL`.
    static func target(of reference: String, in name: String, baseURL: String) -> (name: String, rest: String)? {
        let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
        var path = String(reference[..<end])
        let rest = String(reference[end...])
        if path.isEmpty || path.hasPrefix("//") || path.contains(":") { return nil }
        if path.hasPrefix("/") {
            guard path.hasPrefix(baseURL) else { return nil }
            path.removeFirst(baseURL.count)
        } else if let folder = name.lastIndex(of: "/") {
            path = String(name[...folder]) + path
        }
        var parts: [String] = []
        for part in path.unicodeScalars.split(separator: "/").map({ String($0) }) where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return (parts.joined(separator: "/"), rest)
    }
}
