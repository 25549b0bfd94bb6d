internal import StraitCore
internal import StraitText

/// A lexer for a template's text. A tag must end on the line on which it begins; otherwise it is treated as text.
struct Lexer {
    private let bytes: [UInt8]
    private var tokens: [TemplateToken] = []
    /// The contents of the tag that ends the current verbatim block, or nil outside such a block.
    private var verbatimEnd: String?
    private var line = 1
    /// The column of the next token. It is updated with each token, because a page can be one very long line.
    private var column = 1
    /// For each kind of tag, the offset up to which there is no end of a tag. It avoids repeated searches of one line.
    private var closedUntil = [Int](repeating: -1, count: 3)

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Returns the tokens of `text`.
    static func tokens(_ text: String) -> [TemplateToken] {
        var lexer = Lexer(text)
        lexer.run()
        return lexer.tokens
    }

    private mutating func run() {
        var textStart = 0
        var index = 0
        while let open = bytes[index...].firstIndex(of: UInt8(ascii: "{")) {
            guard let end = tagEnd(from: open) else {
                index = open + 1
                continue
            }
            addText(textStart..<open)
            addTag(open..<end)
            index = end
            textStart = end
        }
        addText(textStart..<bytes.count)
    }

    /// Returns the end of the tag at `open`, or nil if there is no tag or it does not end on its line.
    private mutating func tagEnd(from open: Int) -> Int? {
        guard open + 3 < bytes.count else { return nil }
        let closer: UInt8
        let kind: Int
        switch bytes[open + 1] {
        case UInt8(ascii: "%"): (closer, kind) = (UInt8(ascii: "%"), 0)
        case UInt8(ascii: "{"): (closer, kind) = (UInt8(ascii: "}"), 1)
        case UInt8(ascii: "#"): (closer, kind) = (UInt8(ascii: "#"), 2)
        default: return nil
        }
        guard open >= closedUntil[kind] else { return nil }
        var index = open + 2
        while index + 1 < bytes.count, bytes[index] != 0x0A {
            if bytes[index] == closer, bytes[index + 1] == UInt8(ascii: "}") { return index + 2 }
            index += 1
        }
        closedUntil[kind] = index
        return nil
    }

    private mutating func addText(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        add(.text, String(decoding: bytes[range], as: UTF8.self), range)
    }

    private mutating func addTag(_ range: Range<Int>) {
        let contents = PythonText.stripped(
            String(decoding: bytes[range.lowerBound + 2..<range.upperBound - 2], as: UTF8.self))
        let mark = bytes[range.lowerBound + 1]
        if let end = verbatimEnd {
            guard mark == UInt8(ascii: "%"), contents.hasSameBytes(as: end) else { return addText(range) }
            verbatimEnd = nil
        } else if mark == UInt8(ascii: "%"), contents == "verbatim" || PythonText.hasPrefix(contents, "verbatim ") {
            verbatimEnd = "end" + contents
        }
        switch mark {
        case UInt8(ascii: "%"): add(.block, contents, range)
        case UInt8(ascii: "{"): add(.variable, contents, range)
        default: add(.comment, contents, range)
        }
    }

    private mutating func add(_ kind: TemplateToken.Kind, _ contents: String, _ range: Range<Int>) {
        tokens.append(TemplateToken(kind: kind, contents: contents, line: line, column: column))
        for index in range {
            if bytes[index] == 0x0A {
                line += 1
                column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                // UTF-8 continuation bytes do not count.
                column += 1
            }
        }
    }
}

/// A token of a template: text, `{{ … }}`, `{% … %}` or `{# … #}`.
public struct TemplateToken: Sendable, Hashable {
    /// The kinds of tokens.
    public enum Kind: Sendable, Hashable { case text, variable, block, comment }

    /// The kind of token.
    public let kind: Kind
    /// The text, or the contents between the delimiters without surrounding white space.
    public let contents: String
    /// The line on which the token begins, starting at 1.
    public let line: Int
    /// The column at which the token begins, in Unicode scalars, starting at 1.
    public let column: Int

    /// The first word of the contents, which is the name of a block tag. Empty if there are no words.
    public var name: String {
        contents.unicodeScalars.split(whereSeparator: PythonText.isSpace).first.map { String($0) } ?? ""
    }

    /// Returns the words. A quoted phrase counts as one word and keeps its quotes (Django's `split_contents`).
    public func splitContents() -> [String] { TokenSplitter.split(contents) }

    /// The words between white space. Quotes have no special meaning.
    public var words: [String] { PythonText.words(contents) }
}
