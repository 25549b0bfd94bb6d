import StraitHTTP
import Testing

@Suite struct `Authority parts` {
    /// Returns user info, host and port, with `-` for a missing part. Returns nil for a malformed authority.
    private func parts(_ text: String) -> [String]? {
        AuthorityParts(text[...]).map { [$0.userInfo, $0.host, $0.port].map { $0.map(String.init) ?? "-" } }
    }

    @Test(arguments: [
        ("", ["-", "", "-"]), ("example.com", ["-", "example.com", "-"]),
        ("example.com:80", ["-", "example.com", "80"]),
        ("example.com:", ["-", "example.com", ""]), (":80", ["-", "", "80"]), ("[::1]", ["-", "[::1]", "-"]),
        ("[::1]:80", ["-", "[::1]", "80"]), ("[]", ["-", "[]", "-"]), ("ann@h", ["ann", "h", "-"]),
        ("ann:secret@h:1", ["ann:secret", "h", "1"]), ("a@b@h", ["a@b", "h", "-"]), ("a:b:c@h", ["a:b:c", "h", "-"]),
        ("@h", ["", "h", "-"]), ("a@", ["a", "", "-"]), ("[@[::1]:1", ["[", "[::1]", "1"]),
        // The port is everything after the first colon; callers require digits.
        ("::1", ["-", "", ":1"]), ("a:80:90", ["-", "a", "80:90"]), ("a:b", ["-", "a", "b"]),
        ("x[::1]", ["-", "x[", ":1]"]), ("@:\u{301}", ["", "", "\u{301}"]),
    ])
    func `an authority is divided at the last @ and the colon after the host (RFC 3986 §3.2)`(
        text: String, expected: [String]
    ) {
        #expect(parts(text) == expected)
    }

    @Test(arguments: ["[", "[::1", "[::1]x", "[::1]x:80", "[::1]]", "a@[b", "[a@b]"])
    func `an opening bracket must be closed, and only a colon may follow the closing one`(text: String) {
        // In `[a@b]`, the user is `[a` and the host is `b]`.
        #expect(text == "[a@b]" ? parts(text) == ["[a", "b]", "-"] : parts(text) == nil)
    }

    @Test(arguments: [
        ("[::1]:80", "::1"), ("h:80", "h"), ("[\u{301}::1]", "\u{301}::1"), ("[::1\u{600}]", "::1\u{600}"),
    ])
    func `the name of a host is without brackets, and nothing else is dropped`(text: String, name: String) {
        #expect(AuthorityParts(text[...]).map { Array($0.name.utf8) } == Array(name.utf8))
    }

    @Test(arguments: [
        ("h", "-", "-"), ("ann@h", "ann", "-"), ("ann:@h", "ann", ""), (":s@h", "", "s"), ("a:b:c@h", "a", "b:c"),
    ])
    func `user and password are divided at the first colon`(text: String, user: String, password: String) {
        let access = AuthorityParts(text[...])?.access
        #expect(access.map { String($0.user) } ?? "-" == user)
        #expect(access?.password.map(String.init) ?? "-" == password)
    }

    @Test(arguments: [
        ("h", "h", nil), ("[::1]:80", "::1", 80), ("[]:0", "", 0), ("h:65535", "h", 65535), ("h:65536", "h", nil),
        ("h:", "h", nil), ("h:+1", "h", nil), ("h:1:2", "h", nil), ("h:99999999999999999999", "h", nil),
    ])
    func `the name has no brackets, and the port number is from 0 to 65535`(text: String, name: String, port: Int?) {
        let parts = AuthorityParts(text[...])
        #expect(parts.map { String($0.name) } == name)
        #expect(parts?.portNumber == port)
    }
}
