internal import StraitHTTP

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

    /// What a reference in one file leads to in another.
    struct Target {
        /// The other file's name.
        let name: String
        /// What stands in front of the last component of its path.
        fileprivate let folder: String
        /// Its query and fragment.
        fileprivate let rest: String

        /// The reference to lead to the file under its `hashedName`: it stays relative where it was, so that it holds
        /// wherever the files are served.
        func reference(to hashedName: String) -> String {
            let file = hashedName.lastIndex(of: "/").map { hashedName[hashedName.index(after: $0)...] }
            return folder + PercentEncoding.encode(String(file ?? hashedName[...]), allowing: .path) + rest
        }
    }

    /// What `reference` in the file `name` leads to, without its query and fragment; nil where that is no static file.
    ///
    /// - Parameter baseURLs: `STATIC_URL`, as it is and beneath the root path.
    static func target(of reference: String, in name: String, baseURLs: [String]) -> Target? {
        let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
        var path = String(reference[..<end])
        let rest = String(reference[end...])
        var folder = path.utf8.lastIndex(of: 0x2F).map { String(path[...$0]) } ?? ""
        if path.isEmpty || path.hasPrefix("//") || path.contains(":") { return nil }
        if path.hasPrefix("/") {
            guard let baseURL = baseURLs.first(where: path.hasPrefix) else { return nil }
            // The first one is where they are served.
            folder = baseURLs[0] + folder.dropFirst(baseURL.count)
            path.removeFirst(baseURL.count)
        } else if let folder = name.lastIndex(of: "/") {
            path = String(name[...folder]) + path
        }
        path = PercentEncoding.decode(path) ?? path
        var parts: [String] = []
        for part in path.unicodeScalars.split(separator: "/").map({ String($0) }) where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return Target(name: parts.joined(separator: "/"), folder: folder, rest: rest)
    }
}
