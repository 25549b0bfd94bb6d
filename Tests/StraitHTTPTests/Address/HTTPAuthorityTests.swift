import StraitHTTP
import Testing

@Suite struct `HTTP authorities` {
    @Test(arguments: [
        ("example.com", "example.com", nil), ("EXAMPLE.com:8000", "example.com", 8000), ("h:0", "h", 0),
        ("h:65535", "h", 65535), ("h:00080", "h", 80), ("h:", "h", nil), ("[::1]", "[::1]", nil),
        ("[2001:DB8::1]:443", "[2001:db8::1]", 443), ("[::ffff:1.2.3.4]:1", "[::ffff:1.2.3.4]", 1),
        ("a_b~!$&'()*+,;=.", "a_b~!$&'()*+,;=.", nil), ("%41", "%41", nil), ("", "", nil),
    ])
    func `a host and an optional port are read (RFC 3986 §3.2)`(text: String, host: String, port: Int?) {
        let authority = HTTPAuthority(text.utf8.span)
        #expect(authority?.host == host)
        #expect(authority?.port == port)
        let isValid = HTTPAuthority.isValid(text.utf8.span)
        #expect(isValid)
    }

    @Test(arguments: [
        ":80", "h:65536", "h:99999999999999999999999", "h:-1", "h:+1", "h: 1", "h:1:2", "::1", "[", "[]", "[:]", "[::1",
        "[::1]x", "[::1]80", "[::g]", "[::1]:x", "[::1]:65536", "user@h", "h/", "h?", "h#", "a b", "é", "h\0", "a]",
        "\u{301}", "h:\u{661}",
    ])
    func `text other than a host and an optional port is rejected`(text: String) {
        let authority = HTTPAuthority(text.utf8.span)
        #expect(authority == nil)
        let isValid = HTTPAuthority.isValid(text.utf8.span)
        #expect(!isValid)
    }

    @Test(arguments: [
        ("example.com", "example.com", true), ("a.example.com", ".example.com", true),
        ("example.com", ".example.com", true), ("badexample.com", ".example.com", false), ("example.com", "", false),
        ("a.example.com", "example.com", false),
    ])
    func `a domain pattern is matched as by Django's is_same_domain`(host: String, pattern: String, isSame: Bool) {
        #expect(HTTPAuthority.isSameDomain(host, pattern) == isSame)
    }
}
