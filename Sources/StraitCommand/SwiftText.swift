/// The text of a Swift file, with its comments and string literals marked. Brackets and commas inside them are ignored.
struct SwiftText {
    /// The kind of a byte.
    enum Kind {
        case code, comment
        /// A string literal, including its quotation marks.
        case literal
    }

    let bytes: [UInt8]
    let kinds: [Kind]

    init(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        scanner.scan()
        bytes = scanner.bytes
        kinds = scanner.kinds
    }

    /// Whether the byte at `index` is neither in a comment nor in a string literal.
    func isCode(_ index: Int) -> Bool { kinds[index] == .code }

    /// Returns the text of `range`.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Returns `range` without spaces, line feeds and comments at both ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        func isContent(_ index: Int) -> Bool {
            kinds[index] == .literal || kinds[index] == .code && !Self.isSpace(bytes[index])
        }
        guard let first = range.first(where: isContent), let last = range.last(where: isContent) else {
            return range.lowerBound..<range.lowerBound
        }
        return first..<last + 1
    }

    /// Returns the index of the bracket that closes the one at `open`, or nil if there is none.
    func closing(of open: Int) -> Int? {
        var depth = 0
        for index in open..<bytes.count where isCode(index) {
            switch bytes[index] {
            case 0x28, 0x5B, 0x7B: depth += 1
            case 0x29, 0x5D, 0x7D:
                depth -= 1
                if depth == 0 { return index }
            default: continue
            }
        }
        return nil
    }

    /// Splits `range` at the commas outside inner brackets, without spaces and comments around the parts. A trailing
    /// comma adds no part.
    func parts(in range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            if isCode(index) {
                switch bytes[index] {
                case 0x28, 0x5B, 0x7B: index = closing(of: index) ?? index
                case 0x2C:
                    parts.append(trimmed(start..<index))
                    start = index + 1
                default: break
                }
            }
            index += 1
        }
        let last = trimmed(start..<range.upperBound)
        return last.isEmpty ? parts : parts + [last]
    }

    /// Returns the offsets in `range` at which `word` is a whole word of code.
    func places(of word: String, in range: Range<Int>? = nil) -> [Int] {
        let word = Array(word.utf8)
        let range = range ?? 0..<bytes.count
        guard range.count >= word.count else { return [] }
        return (range.lowerBound...range.upperBound - word.count).filter { start in
            let end = start + word.count
            return isCode(start) && bytes[start..<end].elementsEqual(word)
                && !(start > 0 && Self.isWord(bytes[start - 1])) && !(end < bytes.count && Self.isWord(bytes[end]))
        }
    }

    /// Returns the index of the first byte of code from `index` on that is not a space, or nil if there is none.
    func firstCode(from index: Int) -> Int? {
        (index..<bytes.count).first { isCode($0) && !Self.isSpace(bytes[$0]) }
    }

    /// Returns the indentation of the line that contains `index`.
    func indentation(at index: Int) -> String {
        var start = index
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        return String(decoding: bytes[start...].prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }

    static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// A scanner for a file's comments and string literals.
private struct Scanner {
    let bytes: [UInt8]
    var kinds: [SwiftText.Kind]
    private var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        kinds = Array(repeating: .code, count: bytes.count)
    }

    mutating func scan() {
        while index < bytes.count { if !skipComment(), !skipLiteral() { index += 1 } }
    }

    private func isNext(_ text: String, at index: Int) -> Bool { bytes[index...].starts(with: text.utf8) }

    private mutating func skip(_ count: Int, _ kind: SwiftText.Kind) {
        for place in index..<min(index + count, bytes.count) { kinds[place] = kind }
        index = min(index + count, bytes.count)
    }

    /// Skips a comment that begins here. Block comments may be nested.
    private mutating func skipComment() -> Bool {
        if isNext("//", at: index) {
            while index < bytes.count, bytes[index] != 0x0A { skip(1, .comment) }
            return true
        }
        guard isNext("/*", at: index) else { return false }
        var depth = 0
        repeat {
            if isNext("/*", at: index) {
                depth += 1
                skip(2, .comment)
            } else if isNext("*/", at: index) {
                depth -= 1
                skip(2, .comment)
            } else {
                skip(1, .comment)
            }
        } while depth > 0 && index < bytes.count
        return true
    }

    /// Skips a string literal that begins here, including its interpolations. It may be raw, and have one or several
    /// lines.
    private mutating func skipLiteral() -> Bool {
        let hashes = bytes[index...].prefix { $0 == 0x23 }.count
        guard isNext("\"", at: index + hashes) else { return false }
        let marks = String(repeating: "#", count: hashes)
        let quotes = isNext("\"\"\"", at: index + hashes) ? "\"\"\"" : "\""
        skip(hashes + quotes.utf8.count, .literal)
        while index < bytes.count {
            if isNext(quotes + marks, at: index) {
                skip(quotes.utf8.count + hashes, .literal)
                return true
            }
            if quotes == "\"", bytes[index] == 0x0A { return true }
            if isNext("\\\(marks)(", at: index) {
                skip(2 + hashes, .literal)
                skipInterpolation()
            } else if isNext("\\\(marks)", at: index) {
                skip(2 + hashes, .literal)
            } else {
                skip(1, .literal)
            }
        }
        return true
    }

    private mutating func skipInterpolation() {
        var depth = 1
        while depth > 0, index < bytes.count {
            let isOpening = bytes[index] == 0x28
            let isClosing = bytes[index] == 0x29
            if skipComment() || skipLiteral() { continue }
            if isOpening { depth += 1 }
            if isClosing { depth -= 1 }
            skip(1, .literal)
        }
    }
}

/// An insertion into a file.
struct TextEdit: Hashable {
    /// The offset in bytes.
    let offset: Int
    let text: String

    /// Returns the text of `file` with `edits` applied.
    static func apply(_ edits: [TextEdit], to file: SwiftText) -> String {
        var bytes = file.bytes
        // Insert from the end, so that the offsets stay valid. Two insertions at one offset keep their order.
        for (_, edit) in edits.enumerated().sorted(by: {
            ($0.element.offset, $0.offset) > ($1.element.offset, $1.offset)
        }) {
            bytes.insert(contentsOf: edit.text.utf8, at: edit.offset)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SwiftText {
    /// Returns the edits that append an element to an array literal, on its own line if the existing elements have
    /// their own lines.
    ///
    /// - Parameter array: The range between the brackets.
    func appending(_ element: String, to array: Range<Int>) -> [TextEdit] {
        guard let last = parts(in: array).last else { return [TextEdit(offset: array.lowerBound, text: element)] }
        let comma = (last.upperBound..<array.upperBound).first { isCode($0) && bytes[$0] == 0x2C }
        let end = comma.map { $0 + 1 } ?? last.upperBound
        guard let lineEnd = (end..<array.upperBound).first(where: { bytes[$0] == 0x0A && isCode($0) }) else {
            return [TextEdit(offset: end, text: (comma == nil ? ", " : " ") + element + (comma == nil ? "" : ","))]
        }
        // Keep a comment after the last element on its line.
        let lead = comma == nil ? [TextEdit(offset: last.upperBound, text: ",")] : []
        let indentation = indentation(at: last.lowerBound)
        let text = element.split(separator: "\n", omittingEmptySubsequences: false).map { indentation + $0 }
            .joined(separator: "\n")
        return lead + [TextEdit(offset: lineEnd, text: "\n" + text + (comma == nil ? "" : ","))]
    }
}
