import StraitCore
import StraitHTTP
import StraitTesting
import Testing

@Suite struct `URL parts` {
    /// Returns the parts in order, with `-` for a missing part.
    private func parts(_ parts: URLParts) -> [String] {
        [parts.scheme, parts.authority, parts.path, parts.query, parts.fragment].map { $0.map(String.init) ?? "-" }
    }

    /// The expected parts are those of Python's `urlsplit`, which does not distinguish missing parts from empty ones.
    @Test(arguments: [
        ("", ["-", "-", "", "-", "-"]),
        ("http://example.com", ["http", "example.com", "", "-", "-"]),
        ("http://example.com:80/a/b?c=/d?#e#f?", ["http", "example.com:80", "/a/b", "c=/d?", "e#f?"]),
        ("HTTPS://U:P@[::1]:8443/", ["HTTPS", "U:P@[::1]:8443", "/", "-", "-"]),
        ("http://x?y#z?w", ["http", "x", "", "y", "z?w"]),
        ("http://x#y?z", ["http", "x", "", "-", "y?z"]),
        ("http:///p", ["http", "", "/p", "-", "-"]),
        ("http:p", ["http", "-", "p", "-", "-"]),
        ("mailto:ann@example.com?subject=x", ["mailto", "-", "ann@example.com", "subject=x", "-"]),
        ("a+b-1.c:", ["a+b-1.c", "-", "", "-", "-"]),
        ("//h/p?q#f", ["-", "h", "/p", "q", "f"]),
        ("//", ["-", "", "", "-", "-"]),
        ("///", ["-", "", "/", "-", "-"]),
        ("/p:q", ["-", "-", "/p:q", "-", "-"]),
        ("p:q", ["p", "-", "q", "-", "-"]),
        ("./p:q", ["-", "-", "./p:q", "-", "-"]),
        ("?", ["-", "-", "", "", "-"]),
        ("?q", ["-", "-", "", "q", "-"]),
        ("#", ["-", "-", "", "-", ""]),
        ("#f?q", ["-", "-", "", "-", "f?q"]),
        // These have no scheme: it would be empty, begin with a digit, or have another character.
        ("1a://x", ["-", "-", "1a://x", "-", "-"]),
        ("://x", ["-", "-", "://x", "-", "-"]),
        ("a_b://x", ["-", "-", "a_b://x", "-", "-"]),
        ("é://x", ["-", "-", "é://x", "-", "-"]),
        (" http://x", ["-", "-", " http://x", "-", "-"]),
        // Delimiters count even if a combining mark follows them.
        ("http://x/\u{301}y", ["http", "x", "/\u{301}y", "-", "-"]),
        ("http:\u{301}//x", ["http", "-", "\u{301}//x", "-", "-"]),
        ("a?\u{301}b#\u{301}c", ["-", "-", "a", "\u{301}b", "\u{301}c"]),
        ("http://\0/\0", ["http", "\0", "/\0", "-", "-"]),
    ])
    func `text is divided as in Python's urlsplit (RFC 3986 appendix B)`(text: String, expected: [String]) {
        #expect(parts(URLParts(text)) == expected)
    }

    @Test(arguments: [
        ("example.com:80/p?q", ["-", "example.com:80", "/p", "q", "-"]),
        ("example.com", ["-", "example.com", "", "-", "-"]),
        ("[::1]", ["-", "[::1]", "", "-", "-"]), ("/p", ["-", "", "/p", "-", "-"]), ("", ["-", "", "", "-", "-"]),
    ])
    func `a text without a scheme begins with the authority`(text: String, expected: [String]) {
        #expect(parts(URLParts(withoutScheme: text)) == expected)
    }

    @Test(arguments: [
        (" \u{1}\thttp://x/", ["http", "x", "/", "-", "-"]), ("ht\ttp://e\r\nx/", ["http", "ex", "/", "-", "-"]),
        ("http://x/ ", ["http", "x", "/ ", "-", "-"]), ("\n", ["-", "-", "", "-", "-"]),
    ])
    func `cleaning removes the characters that Python's urlsplit removes`(text: String, expected: [String]) {
        #expect(parts(URLParts(cleaning: text)) == expected)
    }

    @Test(arguments: [
        ("http://[::1]/", false), ("http://a]b", true), ("http://[::1", true), ("http://x/[", false), ("[", false),
        ("http://]a[", false),
    ])
    func `unbalanced brackets in the authority are detected`(text: String, isUnbalanced: Bool) {
        #expect(URLParts(text).hasUnbalancedBrackets == isUnbalanced)
    }

    @Test(arguments: [
        ("http://a\u{FF0F}b.com/", true), ("http://a\u{FF20}b.com", true), ("http://a\u{2100}b.com", true),
        ("http://\u{E9}.com/", false), ("http://a.com/\u{FF0F}", false), ("http://a.com", false),
    ])
    func `characters that NFKC turns into delimiters are detected in the authority`(text: String, isDisguised: Bool) {
        #expect(URLParts(text).hasDisguisedDelimiter == isDisguised)
    }

    @Test func `the parts joined with their delimiters give the original text`() async throws {
        let pieces = [
            "a", "Z9", "+", ":", "/", "//", "?", "#", "@", "[", "]", "::1", "%2F", "é", "\u{301}", "\u{600}", "\\",
            "\0", " ",
        ]
        try await withSeeds(500) { seed in
            var random = SeededGenerator(seed: seed)
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            _ = URLParts(cleaning: text).site
            let parts = URLParts(text)
            var whole = (parts.scheme.map { $0 + ":" } ?? "") + (parts.authority.map { "//" + $0 } ?? "") + parts.path
            whole += (parts.query.map { "?" + $0 } ?? "") + (parts.fragment.map { "#" + $0 } ?? "")
            #expect(Array(whole.utf8) == Array(text.utf8), "seed \(seed): \(text.debugDescription)")
            let authority = parts.authority ?? ""
            #expect(!authority.utf8.contains { [0x2F, 0x3F, 0x23].contains($0) }, "seed \(seed)")
            _ = AuthorityParts(authority)
            _ = HTTPAuthority(text.utf8.span)
        }
    }
}
