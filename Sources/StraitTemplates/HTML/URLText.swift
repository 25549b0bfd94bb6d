import StraitHTTP
internal import StraitText

/// URL encoding, like Python's `urllib.parse`.
enum URLText {
    /// Returns `quote(text, safe)`.
    static func quoted(_ text: String, safe: String = "/") -> String {
        PercentEncoding.encode(text, allowing: .unreserved.union(ByteSet(safe)))
    }

    /// Returns `quote_plus(text)`.
    static func quotedPlus(_ text: String) -> String {
        PercentEncoding.encode(text, allowing: ByteSet.unreserved, spaceIsPlus: true)
    }

    /// Returns `unquote(text)`.
    static func unquoted(_ text: String) -> String {
        PercentEncoding.decodeLeniently(text.utf8.span, plusIsSpace: false)
    }

    /// Returns `unquote_plus(text)`.
    static func unquotedPlus(_ text: String) -> String {
        PercentEncoding.decodeLeniently(text.utf8.span, plusIsSpace: true)
    }

    /// Returns Django's `iri_to_uri(text)`.
    static func iri(_ text: String) -> String { PercentEncoding.encode(text, allowing: .iri) }

    /// Returns `urljoin(base, path)` for an encoded path.
    static func join(_ base: String, _ path: String) -> String {
        guard !path.isEmpty else { return base }
        guard !PythonText.hasPrefix(path, "//") else { return path }
        let place = URLParts(base)
        let root = String(base[..<place.path.startIndex])
        let folder = place.path.utf8.lastIndex(of: 0x2F).map { place.path[..<place.path.utf8.index(after: $0)] } ?? ""
        let full = path.utf8.first == 0x2F ? path : folder + path
        var parts: [Substring] = []
        let given = full.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        for (index, part) in given.enumerated() {
            let isLast = index == given.count - 1
            if part.isEmpty, index > 0, !isLast { continue }
            if part.elementsEqual([0x2E, 0x2E]) {
                if parts.count > 1 { parts.removeLast() }
                if isLast { parts.append("") }
            } else if part.elementsEqual([0x2E]) {
                if isLast { parts.append("") }
            } else {
                parts.append(Substring(part))
            }
        }
        return root + parts.joined(separator: "/")
    }
}

/// Percent-encodes an address for a link without encoding it twice (Django's `smart_urlquote`).
enum LinkQuoting {
    private static let kept = ByteSet.unreserved.union(ByteSet("!$&'()*+,;=:/?#[]@"))

    static func quoted(_ url: String) -> String {
        let parts = URLParts(cleaning: url)
        if parts.hasUnbalancedBrackets { return part(url[...]) }
        var path = part(parts.path)
        let hasHost = parts.authority?.isEmpty == false
        if hasHost, !path.isEmpty, path.utf8.first != 0x2F { path = "/" + path }
        var result = parts.scheme.map { $0.lowercased() + ":" } ?? ""
        result += (parts.authority.map { "//" + part($0) } ?? "") + path
        if let query = parts.query, !query.isEmpty {
            let text = pairs(query)
            if !text.isEmpty { result += "?" + text }
        }
        if let fragment = parts.fragment, !fragment.isEmpty { result += "#" + part(fragment) }
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

    private static func part(_ text: Substring) -> String {
        PercentEncoding.encode(URLText.unquoted(String(text)), allowing: kept)
    }
}
