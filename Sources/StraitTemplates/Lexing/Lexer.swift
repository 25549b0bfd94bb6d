/// Cuts a template's text into tokens. A tag ends on the line where it begins; what is not closed there is text.
struct Lexer {
    private let bytes: [UInt8]
    private var tokens: [TemplateToken] = []
    /// What ends the verbatim block that is open.
    private var verbatimEnd: String?
    private var line = 1
    /// The column of what comes next, kept as tokens are added: a page may be one long line.
    private var column = 1
    /// For each kind of tag, up to where no end of it was found: not to look through a line again and again.
    private var closedUntil = [Int](repeating: -1, count: 3)

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The tokens of `text`.
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

    /// The end of the tag that begins at `open`, or nil where none does or it is not closed on its line.
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
            guard mark == UInt8(ascii: "%"), PythonText.equal(contents, end) else { return addText(range) }
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
                // Bytes that go on with a scalar do not count.
                column += 1
            }
        }
    }
}
