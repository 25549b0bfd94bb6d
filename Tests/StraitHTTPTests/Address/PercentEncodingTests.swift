import StraitHTTP
import Testing

@Suite struct `Percent-encoding` {
    @Test func `encoding keeps a path's allowed characters, as Django's reverse does (RFC 3986 §3.3)`() {
        #expect(
            PercentEncoding.encode("a b/é&=", allowing: PercentEncoding.Allowed.unreserved) == "a%20b%2F%C3%A9%26%3D")
        #expect(
            PercentEncoding.encode("/a b/é~:@!$&'()*+,;=?#", allowing: PercentEncoding.Allowed.path)
                == "/a%20b/%C3%A9~:@!$&'()*+,;=%3F%23")
        #expect(PercentEncoding.encode("\0\u{7F}%", allowing: PercentEncoding.Allowed.path) == "%00%7F%25")
    }

    @Test func `encoding an address keeps the characters of Django's iri_to_uri`() {
        let kept = "/#%[]=:;$&()+,!?*@'~-._aZ09"
        #expect(PercentEncoding.encode(kept, allowing: ByteSet.iri) == kept)
        #expect(
            PercentEncoding.encode("\"<>\\^`{|} é\n", allowing: ByteSet.iri)
                == "%22%3C%3E%5C%5E%60%7B%7C%7D%20%C3%A9%0A")
    }

    @Test func `with spaceIsPlus, a space becomes a plus, and a plus is encoded`() {
        #expect(PercentEncoding.encode("a b+c", allowing: ByteSet.unreserved, spaceIsPlus: true) == "a+b%2Bc")
    }

    @Test func `a set of all bytes except some keeps non-ASCII text`() {
        #expect(PercentEncoding.encode("é \"x\"\n", allowing: .all(but: "\"\n")) == "é %22x%22%0A")
    }

    @Test(arguments: [
        ("", ""), ("a%20b%2f+", "a b/+"), ("%C3%a9", "é"), ("%25%32", "%2"), ("%00", "\0"), ("%2", nil), ("%", nil),
        ("%%20", nil), ("%g0", nil), ("%2g", nil), ("%-1", nil), ("%ff", nil), ("%C3", nil), ("%ED%A0%80", nil),
        ("%C0%80", nil),
    ])
    func `decoding requires two hexadecimal digits after each %, and valid UTF-8`(text: String, decoded: String?) {
        #expect(PercentEncoding.decode(text) == decoded)
    }

    @Test(arguments: [
        ("a+b%20c", "a b c"), ("%2", "%2"), ("%%41", "%A"), ("%zz%41", "%zzA"), ("%ff+", "\u{FFFD} "),
        ("%C3%A9%C3", "é\u{FFFD}"), ("%2B", "+"),
    ])
    func `lenient decoding keeps what it cannot decode, as Python's unquote_plus does`(text: String, decoded: String) {
        let result = PercentEncoding.decodeLeniently(text.utf8.span, plusIsSpace: true)
        #expect(result == decoded)
    }
}
