/// The parts of a URL or a relative reference, as written and not decoded (RFC 3986 appendix B, Python's `urlsplit`).
/// Every text can be divided, so callers must check the parts that they use.
///
/// The text is divided at ASCII bytes, so a combining mark after a delimiter does not hide the delimiter.
package struct URLParts: Sendable {
    /// The text before the first colon if it is a scheme, otherwise nil. A scheme is a letter, followed by letters,
    /// digits, `+`, `-` and `.`.
    package let scheme: Substring?
    /// The text between `//` and the next `/`, `?` or `#`; nil if there is no `//`. See ``AuthorityParts``.
    package let authority: Substring?
    /// The path; empty if there is none.
    package let path: Substring
    /// The text between `?` and `#`; nil if there is no `?`.
    package let query: Substring?
    /// The text after `#`; nil if there is no `#`.
    package let fragment: Substring?

    package init(_ text: String) { self.init(text[...]) }

    package init(_ text: Substring) {
        let end = Self.schemeEnd(of: text)
        self.init(scheme: end.map { text[..<$0] }, rest: end.map { text[text.utf8.index(after: $0)...] } ?? text)
    }

    /// Divides text that begins with an authority, such as `example.com:80/path`. The other initializers would read
    /// `example.com` as a scheme.
    package init(withoutScheme text: String) {
        self.init(scheme: nil, authorityAndRest: text[...])
    }

    /// Divides `text` after removing control characters and spaces at its start, and all tabs and line breaks, as
    /// Python's `urlsplit` does.
    package init(cleaning text: String) {
        let start = text.utf8.drop { $0 <= 0x20 }
        let isClean = start.count == text.utf8.count && !text.utf8.contains(where: Self.isRemoved)
        self.init(isClean ? text : String(decoding: start.filter { !Self.isRemoved($0) }, as: UTF8.self))
    }

    private static func isRemoved(_ byte: UInt8) -> Bool { byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private init(scheme: Substring?, rest: Substring) {
        if rest.utf8.starts(with: "//".utf8) {
            self.init(scheme: scheme, authorityAndRest: rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...])
        } else {
            self.init(scheme: scheme, authority: nil, pathAndRest: rest)
        }
    }

    private init(scheme: Substring?, authorityAndRest text: Substring) {
        let end = text.utf8.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? text.endIndex
        self.init(scheme: scheme, authority: text[..<end], pathAndRest: text[end...])
    }

    private init(scheme: Substring?, authority: Substring?, pathAndRest text: Substring) {
        let hash = text.utf8.firstIndex(of: 0x23) ?? text.endIndex
        let question = text[..<hash].utf8.firstIndex(of: 0x3F) ?? hash
        self.scheme = scheme
        self.authority = authority
        path = text[..<question]
        query = question < hash ? text[text.utf8.index(after: question)..<hash] : nil
        fragment = hash < text.endIndex ? text[text.utf8.index(after: hash)...] : nil
    }

    /// Returns the position of the colon after a scheme (RFC 3986 §3.1), or nil if `text` does not begin with one.
    private static func schemeEnd(of text: Substring) -> Substring.Index? {
        guard let first = text.utf8.first, first.isASCIILetter,
            let end = text.utf8.firstIndex(where: { !$0.isSchemeCharacter }), text.utf8[end] == 0x3A
        else { return nil }
        return end
    }

    /// Whether the authority contains `[` without `]`, or `]` without `[`. Python rejects such URLs.
    package var hasUnbalancedBrackets: Bool {
        guard let authority else { return false }
        return authority.utf8.contains(0x5B) != authority.utf8.contains(0x5D)
    }

    /// Whether the authority contains a character that Unicode's compatibility form (NFKC) replaces with `/`, `?`, `#`,
    /// `@` or `:`, such as a full-width slash. After normalization, the URL would have another host. Python rejects
    /// such URLs.
    package var hasDisguisedDelimiter: Bool {
        guard let authority, !authority.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        return authority.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x2047...0x2049, 0x2100, 0x2101, 0x2105, 0x2106, 0x2A74, 0xFE13, 0xFE16, 0xFE55, 0xFE56, 0xFE5F,
                0xFE6B,
                0xFF03, 0xFF0F, 0xFF1A, 0xFF1F, 0xFF20:
                true
            default: false
            }
        }
    }

    /// The scheme in lower case and the authority; nil unless the text has both.
    package var site: (scheme: String, authority: Substring)? {
        guard let scheme, let authority else { return nil }
        return (scheme.lowercased(), authority)
    }
}
