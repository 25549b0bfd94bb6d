/// The scheme and authority of a URL, parsed as Python's `urlsplit` does.
struct SplitURL: Sendable {
    /// The scheme in lower case; empty if there is none.
    let scheme: String
    /// The text between `//` and the next `/`, `?` or `#`; empty if there is none.
    let authority: String

    /// Returns nil if the brackets are not balanced. `urlsplit` rejects that too.
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
        // Scalars, because a slash with a combining mark is a different character, and the host would not end there.
        authority = String(rest.unicodeScalars.dropFirst(2).prefix { !"/?#".unicodeScalars.contains($0) })
        guard authority.contains("[") == authority.contains("]") else { return nil }
    }

    /// The authority of a pattern in lower case: `.example.com` for `*.example.com`.
    var withoutStar: String { authority.drop { $0 == "*" }.lowercased() }
}
