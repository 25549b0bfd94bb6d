/// The scheme and authority of a URL, as Python's `urlsplit` finds them.
struct SplitURL: Sendable {
    /// In lower case; empty where there is none.
    let scheme: String
    /// What stands between `//` and the next `/`, `?` or `#`; empty where there is none.
    let authority: String

    /// Nil for brackets that are not a pair, which `urlsplit` refuses.
    init?(_ text: String) {
        var rest = text.drop { $0 == " " }
        var scheme = ""
        if let colon = rest.firstIndex(of: ":"), let first = rest.first, first.isASCII, first.isLetter,
            rest[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        self.scheme = scheme
        guard rest.hasPrefix("//") else {
            authority = ""
            return
        }
        // By scalars: with a mark behind it, a slash would be another character, and what follows part of the host.
        authority = String(rest.unicodeScalars.dropFirst(2).prefix { !"/?#".unicodeScalars.contains($0) })
        guard authority.contains("[") == authority.contains("]") else { return nil }
    }

    /// The authority of a pattern, in lower case: `*.example.com` is `.example.com`.
    var withoutStar: String { authority.drop { $0 == "*" }.lowercased() }
}
