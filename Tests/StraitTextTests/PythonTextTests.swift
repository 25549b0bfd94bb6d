import StraitText
import Testing

/// The expected values are Python's.
@Suite struct PythonTextTests {
    @Test func `white space is that of Python's str.isspace`() {
        let spaces: [ClosedRange<UInt32>] = [
            0x09...0x0D, 0x1C...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
            0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
        ]
        let found = (0...0x10FFFF).compactMap(Unicode.Scalar.init(_:)).filter(PythonText.isSpace).map(\.value)
        #expect(found == spaces.flatMap { Array($0) })
    }

    @Test func `strip removes white space from both ends, but no combining mark after it`() {
        #expect(PythonText.stripped("\u{1F}\u{85} a b\u{3000}\n") == "a b")
        #expect(Array(PythonText.stripped(" \u{301}a \u{301}").unicodeScalars) == ["\u{301}", "a", " ", "\u{301}"])
        #expect(PythonText.stripped(" \u{2028} ").isEmpty && PythonText.stripped("").isEmpty)
        #expect(PythonText.words(" a\u{1C}b\tc ") == ["a", "b", "c"])
    }

    @Test func `splitlines ends a line at each of Python's line breaks`() {
        let text = "a\rb\r\nc\u{0B}d\u{0C}e\u{1C}f\u{1D}g\u{1E}h\u{85}i\u{2028}j\u{2029}k\n"
        #expect(PythonText.lines(text) == ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"])
        #expect(PythonText.lines("a\u{1F}b") == ["a\u{1F}b"] && PythonText.lines("").isEmpty)
        #expect(PythonText.lines("\n\n", keepsEnds: true) == ["\n", "\n"])
    }

    @Test func `four non-ASCII letters match [a-z] if case is ignored`() {
        let found = (0x80...0x10FFFF).compactMap(Unicode.Scalar.init(_:)).filter(PythonText.isLetterIgnoringCase)
        #expect(found.map(\.value) == [0x130, 0x131, 0x17F, 0x212A])
        #expect((0..<0x80).compactMap(Unicode.Scalar.init(_:)).count(where: PythonText.isLetterIgnoringCase) == 52)
    }

    @Test func `a key is compared and found by its bytes`() {
        #expect(TextKey("e\u{301}") != TextKey("\u{E9}") && SafeString("e\u{301}") != SafeString("\u{E9}"))
        #expect(Set<TextKey>(["e\u{301}", "\u{E9}", "\u{E9}"]).count == 2)
        #expect(BytePattern("aab").first(in: Array("aaaab".utf8), from: 0) == 2)
    }

    @Test func `escape replaces the five characters that HTML reserves`() {
        #expect(
            SafeString(escaping: "<a href=\"é\">'&'</a>").text
                == "&lt;a href=&quot;é&quot;&gt;&#x27;&amp;&#x27;&lt;/a&gt;")
    }
}
