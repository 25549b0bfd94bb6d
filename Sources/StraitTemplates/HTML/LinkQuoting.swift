/// Percent-encodes an address for a link without encoding it twice (Django's `smart_urlquote`).
enum LinkQuoting {
    static func quoted(_ url: String) -> String {
        // Python's `urlsplit` removes tabs and line breaks.
        let text = String(decoding: url.utf8.filter { $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        guard let (front, behind) = PythonText.divided(text[...], at: UInt8(ascii: ":")) else { return part(url) }
        var rest = behind
        var host: Substring?
        if PythonText.hasPrefix(rest, "//") {
            rest = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
            let end = rest.utf8.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
            host = rest[..<end]
            rest = rest[end...]
        }
        if let host, host.utf8.contains(0x5B) != host.utf8.contains(0x5D) { return part(url) }
        var fragment: Substring?
        var query: Substring?
        if let (front, behind) = PythonText.divided(rest, at: UInt8(ascii: "#")) { (rest, fragment) = (front, behind) }
        if let (front, behind) = PythonText.divided(rest, at: UInt8(ascii: "?")) { (rest, query) = (front, behind) }
        var path = part(String(rest))
        if let host, !host.isEmpty, !path.isEmpty, path.utf8.first != 0x2F { path = "/" + path }
        var result = front.lowercased() + ":" + (host.map { "//" + part(String($0)) } ?? "") + path
        if let query, !query.isEmpty {
            let text = pairs(query)
            if !text.isEmpty { result += "?" + text }
        }
        if let fragment, !fragment.isEmpty { result += "#" + part(String(fragment)) }
        return result
    }

    /// Re-encodes names and values separately, so that encoded separators in them stay encoded.
    private static func pairs(_ query: Substring) -> String {
        query.utf8.split(separator: 0x26).map { pair in
            let sides = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false).map {
                URLText.quotedPlus(URLText.unquoted(URLText.unquotedPlus(String(Substring($0)))))
            }
            return sides[0] + "=" + (sides.count > 1 ? sides[1] : "")
        }.joined(separator: "&")
    }

    private static func part(_ text: String) -> String {
        URLText.quoted(URLText.unquoted(text), safe: "!$&'()*+,;=:/?#[]@~")
    }
}
