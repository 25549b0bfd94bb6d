import Testing

@testable import StraitCore

/// Tests that each entry is one line. Nothing that a client chose can begin a line or look like another key.
@Suite struct LogTexts {
    @Test(
        arguments: [
            ("a\nb", "a | b"), ("a\r\nb", "a | b"), ("line 1:\n\n    {% x %}\n      ^\n", "line 1: | {% x %} | ^"),
            ("\n", ""), ("a\u{2028}b\u{2029}\u{0B}c\u{0C}d\u{85}e", "a | b | c | d | e"),
        ])
    func `the lines of a text are joined into one readable line`(text: String, line: String) {
        #expect(LogText.line(text) == line)
    }

    @Test(
        arguments: [
            ("a\tb", #"a\tb"#), ("a\rb", #"a\rb"#), ("\u{1B}[2J", #"\u{1b}[2J"#), ("\0", #"\u{0}"#),
            ("\u{7F}", #"\u{7f}"#), ("\u{9B}2J", #"\u{9b}2J"#), ("a\u{202E}b", #"a\u{202e}b"#),
            ("\u{2066}", #"\u{2066}"#), ("grüße 🎈 \\ \"x\"", "grüße 🎈 \\ \"x\""), ("", ""),
        ])
    func `control characters and text direction characters are escaped`(
        text: String, line: String
    ) {
        #expect(LogText.line(text) == line)
    }

    @Test(
        arguments: [
            ("/a/b", "/a/b"), ("grüße", "grüße"), ("", #""""#), ("a b", #""a b""#), ("a=b", #""a=b""#),
            ("a\" b=\"c", #""a\" b=\"c""#), (#"\"#, #""\\""#), ("a\nb\r\t", #""a\nb\r\t""#), ("\u{A0}", "\"\u{A0}\""),
            ("\u{1B}[2J", #""\u{1b}[2J""#), ("x\u{202E}", #""x\u{202e}""#), ("\u{3000}", "\"\u{3000}\""),
        ])
    func `a value that is not a plain word is quoted and escaped`(text: String, value: String) {
        #expect(LogText.value(text) == value)
    }

    @Test(arguments: [("path", "path"), ("a b", "a_b"), ("a=\"b\n", "a__b_"), ("", "_")])
    func `invalid characters in a key become underscores`(text: String, key: String) {
        #expect(LogText.key(text) == key)
    }

    @Test func `no text can start a new line or forge a key in a value`() {
        var generator = SeededGenerator(seed: 7)
        let scalars: [Unicode.Scalar] = ["a", " ", "\"", "\\", "=", "\n", "\r", "\u{2028}", "\u{1B}", "\u{85}", "é"]
        for _ in 0..<2000 {
            let text = String(
                String.UnicodeScalarView((0..<8).map { _ in scalars.randomElement(using: &generator) ?? "a" }))
            let line = LogText.line(text) + " key=" + LogText.value(text)
            #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{2028}" })
            #expect(unquoted(LogText.value(text)) == text)
        }
    }

    /// The original text of a value, as a reader parses it: up to the first unescaped quotation mark.
    private func unquoted(_ value: String) -> String? {
        guard value.hasPrefix("\"") else { return value }
        var text = ""
        var scalars = value.unicodeScalars.dropFirst()
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"": return scalars.isEmpty ? text : nil
            case "\\":
                switch scalars.popFirst() {
                case "n": text += "\n"
                case "r": text += "\r"
                case "u":
                    let digits = scalars.dropFirst().prefix { $0 != "}" }
                    scalars = scalars.dropFirst(digits.count + 2)
                    guard let code = UInt32(String(digits), radix: 16), let found = Unicode.Scalar(code) else {
                        return nil
                    }
                    text.unicodeScalars.append(found)
                case let other?: text.unicodeScalars.append(other)
                case nil: return nil
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return nil
    }
}
