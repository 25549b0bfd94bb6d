/// Quotes an address for a link, unless it is quoted already (Django's `smart_urlquote`).
enum LinkQuoting {
    static func quoted(_ url: String) -> String {
        // What Python's `urlsplit` takes away.
        let text = url.replacing(/[\t\r\n]/, with: "")
        guard let colon = text.firstIndex(of: ":") else { return part(url) }
        let scheme = text[..<colon].lowercased()
        var rest = text[text.index(after: colon)...]
        var host: Substring?
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
            host = rest[..<end]
            rest = rest[end...]
        }
        if let host, host.contains("[") != host.contains("]") { return part(url) }
        var fragment: Substring?
        var query: Substring?
        if let mark = rest.firstIndex(of: "#") { (rest, fragment) = (rest[..<mark], rest[rest.index(after: mark)...]) }
        if let mark = rest.firstIndex(of: "?") { (rest, query) = (rest[..<mark], rest[rest.index(after: mark)...]) }
        var path = part(String(rest))
        if let host, !host.isEmpty, !path.isEmpty, !path.hasPrefix("/") { path = "/" + path }
        var result = scheme + ":" + (host.map { "//" + part(String($0)) } ?? "") + path
        if let query, !query.isEmpty {
            let text = pairs(String(query))
            if !text.isEmpty { result += "?" + text }
        }
        if let fragment, !fragment.isEmpty { result += "#" + part(String(fragment)) }
        return result
    }

    /// Names and values, unquoted on their own, so that what is quoted in them stays apart from what divides them.
    private static func pairs(_ query: String) -> String {
        query.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                URLText.quotedPlus(URLText.unquoted(URLText.unquotedPlus(String($0))))
            }
            return sides[0] + "=" + (sides.count > 1 ? sides[1] : "")
        }.joined(separator: "&")
    }

    private static func part(_ text: String) -> String {
        URLText.quoted(URLText.unquoted(text), safe: "!$&'()*+,;=:/?#[]@~")
    }
}
