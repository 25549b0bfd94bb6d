internal import StraitCore

/// A scanner for the references of a style sheet. It reads CSS tokens (CSS Syntax Level 3 §4) in one pass over the
/// bytes.
struct StyleSheetScanner {
    private let bytes: Bytes
    private var index = 0
    private var places: [StaticReferences.Place] = []
    /// Whether the scanner is in an `@namespace` rule, whose URL does not refer to a file.
    private var isInNamespace = false

    init(_ bytes: Bytes) { self.bytes = bytes }

    /// Returns the references in order.
    mutating func references() -> [StaticReferences.Place] {
        while index < bytes.count {
            switch bytes[index] {
            case 0x2F where isComment: skipComment()
            case 0x22, 0x27: _ = readString()
            case 0x40: readAtRule()
            case 0x23:
                // A hash token: `#url(` does not begin a function.
                index += 1
                skipName()
            case 0x30...0x39: skipName()
            case 0x3B, 0x7B, 0x7D:
                isInNamespace = false
                index += 1
            case let byte where Self.isNamePart(byte): readWord()
            default: index += 1
            }
        }
        return places
    }

    // MARK: Comments

    private var isComment: Bool { index + 1 < bytes.count && bytes[index] == 0x2F && bytes[index + 1] == 0x2A }

    /// Skips a comment, and adds the source map that it may name.
    private mutating func skipComment() {
        let start = index + 2
        var end = start
        while end + 1 < bytes.count, bytes[end] != 0x2A || bytes[end + 1] != 0x2F { end += 1 }
        let isClosed = end + 1 < bytes.count
        index = isClosed ? end + 2 : bytes.count
        let mark = Array("sourceMappingURL=".utf8)
        guard isClosed, end - start > mark.count + 2, bytes[start] == 0x23,
            bytes[start + 1] == 0x20 || bytes[start + 1] == 0x09,
            bytes[(start + 2)..<end].starts(with: mark),
            let place = StaticReferences.sourceMap(in: bytes, start + 2 + mark.count..<end)
        else { return }
        places.append(place)
    }

    private mutating func skipSpaceAndComments() {
        while index < bytes.count {
            if Self.isSpace(bytes[index]) { index += 1 } else if isComment { skipComment() } else { return }
        }
    }

    // MARK: Words

    /// Reads `@` and the word after it, and the string of an `@import`.
    private mutating func readAtRule() {
        index += 1
        let start = index
        skipName()
        if matches(start..<index, "namespace") {
            isInNamespace = true
        } else if matches(start..<index, "import") {
            skipSpaceAndComments()
            guard index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 else { return }
            if let range = readString() { add(range) }
        }
    }

    /// Reads a word, and the URL if the word is `url(`.
    private mutating func readWord() {
        let start = index
        skipName()
        guard matches(start..<index, "url"), index < bytes.count, bytes[index] == 0x28 else { return }
        index += 1
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return }
        let range = bytes[index] == 0x22 || bytes[index] == 0x27 ? readString() : readAddress()
        if let range, !isInNamespace { add(range) }
    }

    /// Skips a name with its escapes.
    private mutating func skipName() {
        while index < bytes.count, Self.isNamePart(bytes[index]) { index += bytes[index] == 0x5C ? 2 : 1 }
        index = min(index, bytes.count)
    }

    /// Whether the bytes of `range` equal the lower-case `word`, ignoring case.
    private func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        let word = "\(word)".utf8
        return range.count == word.count && zip(bytes[range], word).allSatisfy { $0 | 0x20 == $1 }
    }

    // MARK: Strings and URLs

    /// Reads a string and returns the bytes between its quotes; nil if a line break ends it.
    private mutating func readString() -> Range<Int>? {
        let quote = bytes[index]
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case quote:
                index += 1
                return start..<index - 1
            case 0x0A, 0x0C, 0x0D: return nil
            case 0x5C:
                // CR LF is one line break.
                index += index + 2 < bytes.count && bytes[index + 1] == 0x0D && bytes[index + 2] == 0x0A ? 3 : 2
            default: index += 1
            }
        }
        index = bytes.count
        return start..<index
    }

    /// Reads an unquoted URL up to its parenthesis; returns nil if it is malformed.
    private mutating func readAddress() -> Range<Int>? {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x29:
                index += 1
                return start..<index - 1
            case let byte where Self.isSpace(byte):
                let end = index
                while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
                if index == bytes.count { return start..<end }
                guard bytes[index] == 0x29 else { return skipBadAddress() }
                index += 1
                return start..<end
            case 0x5C where index + 1 < bytes.count && ![0x0A, 0x0C, 0x0D].contains(bytes[index + 1]): index += 2
            case 0x22, 0x27, 0x28, 0x5C, 0..<0x20, 0x7F: return skipBadAddress()
            default: index += 1
            }
        }
        index = bytes.count
        return start..<index
    }

    /// Skips the rest of a malformed URL (§4.3.14).
    private mutating func skipBadAddress() -> Range<Int>? {
        while index < bytes.count {
            if bytes[index] == 0x29 {
                index += 1
                return nil
            }
            index += bytes[index] == 0x5C ? 2 : 1
        }
        index = bytes.count
        return nil
    }

    private mutating func add(_ range: Range<Int>) {
        guard let text = Self.unescaped(bytes[range]) else { return }
        places.append(StaticReferences.Place(range: range, text: text, isOptional: false))
    }

    /// Resolves the escapes of a string or a URL (§4.3.7); returns nil if the result is not UTF-8.
    private static func unescaped(_ raw: Slice<Bytes>) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == 0x5C else {
                result.append(byte)
                continue
            }
            var value: UInt32 = 0
            var digits = 0
            while digits < 6, let digit = rest.first?.hexadecimalValue {
                value = value << 4 | UInt32(digit)
                digits += 1
                rest.removeFirst()
            }
            if digits > 0 {
                if rest.first == 0x0D, rest.dropFirst().first == 0x0A { rest.removeFirst() }
                if let next = rest.first, isSpace(next) { rest.removeFirst() }
                let scalar = value == 0 ? nil : Unicode.Scalar(value)
                result += String(Character(scalar ?? "\u{FFFD}")).utf8
            } else if rest.first == 0x0D {
                rest.removeFirst()
                if rest.first == 0x0A { rest.removeFirst() }
            } else if let next = rest.popFirst(), next != 0x0A, next != 0x0C {
                result.append(next)
            }
        }
        return String(utf8: Bytes(result))
    }

    // MARK: Bytes

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }

    /// Whether a byte may be part of a name. A backslash begins an escape.
    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x5C, 0x80...: true
        default: false
        }
    }
}
