import Testing

@testable import StraitNetwork

/// An entry is one line, whatever is in it: nothing that a client chose begins a line or looks like another key.
@Suite struct LogTexts {
    @Test(
        arguments: [
            ("a\nb", "a | b"), ("a\r\nb", "a | b"), ("line 1:\n\n    {% x %}\n      ^\n", "line 1: | {% x %} | ^"),
            ("\n", ""), ("a\u{2028}b\u{2029}\u{0B}c\u{0C}d\u{85}e", "a | b | c | d | e"),
        ])
    func `lines of a text are joined, so that an error of several lines can be read`(text: String, line: String) {
        #expect(LogText.line(text) == line)
    }

    @Test(
        arguments: [
            ("a\tb", #"a\tb"#), ("a\rb", #"a\rb"#), ("\u{1B}[2J", #"\u{1b}[2J"#), ("\0", #"\u{0}"#),
            ("\u{7F}", #"\u{7f}"#), ("\u{9B}2J", #"\u{9b}2J"#), ("a\u{202E}b", #"a\u{202e}b"#),
            ("\u{2066}", #"\u{2066}"#), ("grüße 🎈 \\ \"x\"", "grüße 🎈 \\ \"x\""), ("", ""),
        ])
    func `a control character, and one that turns the direction of text, is written as its escape`(
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
    func `a value that is not one plain word has quotation marks and escapes`(text: String, value: String) {
        #expect(LogText.value(text) == value)
    }

    @Test(arguments: [("path", "path"), ("a b", "a_b"), ("a=\"b\n", "a__b_"), ("", "_")])
    func `a key is a word`(text: String, key: String) {
        #expect(LogText.key(text) == key)
    }

    @Test func `no text makes more than one line, or a key of its own in a value`() {
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

    /// The text that a value was made of, as a reader finds it: up to the quotation mark that no backslash precedes.
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
