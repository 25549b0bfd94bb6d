import Testing

@testable import StraitEmbedder

@Suite struct SwiftLiteralTests {
    @Test(arguments: [
        ("", #""""#), ("plain text", #""plain text""#), ("a\nb\r\nc\td", #""a\nb\r\nc\td""#),
        (#"say "hi" \(name) \"#, #""say \"hi\" \\(name) \\""#), ("\0\u{7}\u{1B}\u{7F}", #""\u{0}\u{7}\u{1b}\u{7f}""#),
        ("é e\u{301} 日本 😀", "\"é e\u{301} 日本 😀\""),
        ("\u{FEFF}\u{202E}\u{2028}\u{85}", #""\u{feff}\u{202e}\u{2028}\u{85}""#),
    ])
    func `a text becomes a one-line string literal`(text: String, literal: String) {
        #expect(SwiftLiteral.of(text) == Array(literal.utf8))
    }
}
