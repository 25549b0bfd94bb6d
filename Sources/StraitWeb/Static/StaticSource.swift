internal import FoundationEssentials
public import StraitNetwork

/// Where static files come from: a folder, or the program itself.
public enum StaticSource: Sendable {
    /// All files of a folder and those beneath it, by their paths in it. Names that begin with a dot are left out.
    case folder(String)
    /// Files that are compiled into the program, by their names.
    case embedded([String: Bytes])

    /// All names, with `/` between folders, in order.
    func names() -> [String] {
        switch self {
        case .embedded(let files): return files.keys.sorted()
        case .folder(let path):
            guard let all = try? FileManager.default.subpathsOfDirectory(atPath: path) else { return [] }
            return all.filter { name in
                var isFolder = false
                return !name.split(separator: "/").contains { $0.hasPrefix(".") }
                    && FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder) && !isFolder
            }.sorted()
        }
    }

    /// What is in the file `name`; nil where there is none.
    func contents(of name: String) -> Bytes? {
        switch self {
        case .embedded(let files): return files[name]
        case .folder:
            guard let path = path(of: name), let data = FileManager.default.contents(atPath: path) else { return nil }
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
            && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && !$0.hasPrefix(".")
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
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return (parts.joined(separator: "/"), rest)
    }
}
