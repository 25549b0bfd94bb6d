import Testing

@testable import StraitCommand

@Suite struct SwiftTextTests {
    /// Returns `text` with a dot for each byte that is not code.
    private func code(_ text: String) -> String {
        let swift = SwiftText(text)
        return String(
            decoding: swift.bytes.indices.map { swift.isCode($0) ? swift.bytes[$0] : 0x2E }, as: UTF8.self)
    }

    @Test(arguments: [
        (#"a "b[" c"#, "a .... c"), (#"a "\"[" b"#, "a ..... b"), (##"a #"\"[# "# b"##, "a ......... b"),
        ("a // [\nb", "a ....\nb"), ("a /* [ /* ( */ { */ b", "a ................. b"),
        (#"a "\(f("]"))" b"#, "a ........... b"), (#"a "\(f( "\(1)" ))[" b"#, "a ................. b"),
        ("a \"\"\"\n\"[\"\n\"\"\" b", "a ........... b"), (#"a "//" b"#, "a .... b"), (#"a "open"#, "a ....."),
        ("a \"open\nb", "a .....\nb"), ("/* never", "........"), ("#if x\n\"\"", "#if x\n.."), ("", ""),
    ])
    func `comments and literals are distinguished from code`(text: String, expected: String) {
        #expect(code(text) == expected)
    }

    @Test func `a bracket is matched with its closing bracket`() {
        let text = SwiftText(#"f(a, ["]", g(")")], { /* } */ }) + 1"#)
        #expect(text.closing(of: 1) == 31)
        #expect(SwiftText("f((").closing(of: 1) == nil)
    }

    @Test func `parts are split at commas outside brackets`() {
        let text = SwiftText(#" a(1, 2) , /* b, */ "c,d" ,[ e, f ], // g,"# + "\n")
        #expect(text.parts(in: 0..<text.bytes.count).map { text.text($0) } == ["a(1, 2)", "\"c,d\"", "[ e, f ]"])
        #expect(SwiftText(" /* a */ ").parts(in: 0..<9).isEmpty)
    }

    @Test func `a word is found only as a whole word and only in code`() {
        let text = SwiftText(#"Site SiteX XSite "Site" /* Site */ .Site é"#)
        #expect(text.places(of: "Site") == [0, 36])
        #expect(text.places(of: "Site", in: 0..<3).isEmpty)
    }

    @Test(arguments: [
        ("[]", "[x]"), ("[a]", "[a, x]"), ("[a,]", "[a, x,]"), ("[a, b]", "[a, b, x]"),
        ("[\n    a\n]", "[\n    a,\n    x\n]"), ("[\n    a,\n]", "[\n    a,\n    x,\n]"),
        ("[\n    a // last\n]", "[\n    a, // last\n    x\n]"),
        ("[\n    a, // last, too\n]", "[\n    a, // last, too\n    x,\n]"),
        ("[\n    a /* of\n two lines */\n]", "[\n    a, /* of\n two lines */\n    x\n]"),
        ("[a\n]", "[a,\nx\n]"),
    ])
    func `an element is added in the format of the existing ones`(array: String, expected: String) {
        let text = SwiftText(array)
        #expect(TextEdit.apply(text.appending("x", to: 1..<array.utf8.count - 1), to: text) == expected)
    }
}
