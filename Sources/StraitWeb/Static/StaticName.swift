internal import StraitHTTP

/// Operations on the names of static files, which are paths within the site's static files.
enum StaticName {
    /// Whether `name` is a path without hidden or empty parts, `..`, backslashes and NUL.
    static func isInside(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains(0) && !name.utf8.contains(0x5C)
            && name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.first != 0x2E
            }
    }

    /// Inserts a hash into a name: `css/site.55e7cbb9ba48.css` from `css/site.css`.
    static func hashed(_ name: String, _ hash: String) -> String {
        let folder = name.utf8.lastIndex(of: 0x2F).map { name[...$0] } ?? name[..<name.startIndex]
        let file = name[folder.endIndex...]
        guard let dot = file.utf8.lastIndex(of: 0x2E), dot > file.startIndex else { return "\(name).\(hash)" }
        return "\(folder)\(file[..<dot]).\(hash)\(file[dot...])"
    }

    /// The target of a reference in one file to another.
    struct Target {
        /// The other file's name.
        let name: String
        /// The reference up to the last component of its path.
        fileprivate let folder: String
        /// The reference's query and fragment.
        fileprivate let rest: String

        /// Returns the reference with `hashedName` in place of the file name. A relative reference stays relative, so
        /// it works under any path. Characters that could end a string, a URL or a comment are percent-encoded.
        func reference(to hashedName: String) -> String {
            let file = hashedName.utf8.lastIndex(of: 0x2F).map { hashedName[hashedName.utf8.index(after: $0)...] }
            return StaticName.quoted(folder)
                + StaticName.quoted(PercentEncoding.encode(String(file ?? hashedName[...]), allowing: .path))
                + StaticName.quoted(rest)
        }
    }

    /// Percent-encodes the quotes, parentheses, backslashes, spaces and control characters of `text`.
    private static func quoted(_ text: String) -> String {
        PercentEncoding.encode(text, allowing: plain)
    }

    private static let plain = ByteSet.all(but: " \"'()\\" + ByteSet.controls)

    /// Returns the file that `reference` in the file `name` points to. Returns nil if that is not a static file: a URL
    /// of another site or of a page, a folder, or only a fragment.
    ///
    /// - Parameter baseURLs: `STATIC_URL`, unchanged and under the root path.
    static func target(of reference: String, in name: String, baseURLs: [String]) -> Target? {
        let text = trimmed(reference)
        let address = URLParts(text)
        var path = address.path
        let rest = String(text[path.endIndex...])
        // A path with a trailing slash is a folder. Django leaves it unchanged too.
        if address.scheme != nil || address.authority != nil || path.isEmpty || path.utf8.last == 0x2F { return nil }
        var folder = path.utf8.lastIndex(of: 0x2F).map { String(path[...$0]) } ?? ""
        var parts: [String] = []
        if path.utf8.first == 0x2F {
            guard let baseURL = baseURLs.first(where: { path.utf8.starts(with: $0.utf8) }) else { return nil }
            // The first base URL is the one that files are served under.
            folder = baseURLs[0] + String(decoding: folder.utf8.dropFirst(baseURL.utf8.count), as: UTF8.self)
            path = path[path.utf8.index(path.startIndex, offsetBy: baseURL.utf8.count)...]
        } else {
            parts = name.utf8.split(separator: 0x2F).dropLast().map { String(decoding: $0, as: UTF8.self) }
        }
        let decoded = PercentEncoding.decode(String(path)) ?? String(path)
        for part in decoded.utf8.split(separator: 0x2F).map({ String(decoding: $0, as: UTF8.self) }) where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return parts.isEmpty ? nil : Target(name: parts.joined(separator: "/"), folder: folder, rest: rest)
    }

    /// Returns `text` without the white space at both ends, which is not part of a URL.
    private static func trimmed(_ text: String) -> Substring {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let start = text.utf8.firstIndex { !isSpace($0) } ?? text.endIndex
        let end = text.utf8.lastIndex { !isSpace($0) }.map { text.utf8.index(after: $0) } ?? start
        return text[start..<max(start, end)]
    }
}
