internal import StraitCore

extension JSONScanner {
    /// Reads a string, whose opening quote is at the position (RFC 8259 §7).
    mutating func string() throws(JSONError) {
        let start = position &+ 1
        position = start
        var isComplex = false
        var mayCombine = false
        while true {
            let seen = skipPlain()
            if seen & 0x8080_8080_8080_8080 != 0 { mayCombine = true }
            guard position < bytes.count else { throw .truncated(position, "the closing quote of a string") }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            guard byte == UInt8(ascii: "\\") else { throw .control(byte, position) }
            isComplex = true
            if try escape() >= 0x300 { mayCombine = true }
        }
        append(.string, start, position, isComplex: isComplex)
        if mayCombine { try checkMarks(start) }
        position &+= 1
    }

    private mutating func checkMarks(_ start: Int) throws(JSONError) {
        let text = bytes.extracting(start..<position)
        let isSafe =
            tokens[tokens.count - 1].isComplex
            ? StreamSafeText.isStreamSafe(JSONEscapes.unescaped(text).span) : StreamSafeText.isStreamSafe(text)
        guard !isSafe else { return }
        guard dialect == .python else { throw .marks(start &- 1) }
        tokens[tokens.count - 1].hasMarks = true
    }

    /// Moves to the next quote, backslash or control character. Returns the bitwise OR of all skipped bytes, and
    /// perhaps of some bytes after them.
    @inline(__always)
    private mutating func skipPlain() -> UInt64 {
        var seen: UInt64 = 0
        var index = position
        let count = bytes.count
        while index &+ 8 <= count {
            // SAFETY: the loop condition ensures eight bytes.
            let word = UInt64(
                littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            seen |= word
            let stops = Self.stops(word)
            if stops != 0 {
                position = index &+ stops.trailingZeroBitCount &>> 3
                return seen
            }
            index &+= 8
        }
        while index < count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            seen |= UInt64(byte)
            index &+= 1
        }
        position = index
        return seen
    }

    /// Returns a mask with the highest bit of each byte that is a quote, a backslash or below 0x20. Bits above the
    /// lowest match may be wrong.
    @inline(__always)
    private static func stops(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let found =
            ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            | ((word &- (ones &* 0x20)) & ~word)
        return found & 0x8080_8080_8080_8080
    }

    /// Reads the escape at the position. Returns its scalar, or 0 for a two-character escape.
    private mutating func escape() throws(JSONError) -> UInt32 {
        let start = position
        position &+= 1
        guard position < bytes.count else { throw .truncated(position, "the rest of an escape") }
        let kind = bytes[position]
        position &+= 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 0
        case UInt8(ascii: "u"): break
        default: throw .escape(kind, start)
        }
        let unit = try codeUnit(start)
        guard unit & 0xF800 == 0xD800 else { return UInt32(unit) }
        if unit < 0xDC00, bytes.count &- position >= 2, bytes[position] == UInt8(ascii: "\\"),
            bytes[position &+ 1] == UInt8(ascii: "u")
        {
            let rest = position
            position &+= 2
            let second = try codeUnit(rest)
            if second & 0xFC00 == 0xDC00 {
                return 0x10000 &+ UInt32(unit & 0x3FF) &<< 10 &+ UInt32(second & 0x3FF)
            }
            position = rest
        }
        if position == bytes.count || (bytes[position] == UInt8(ascii: "\\") && position &+ 1 == bytes.count) {
            throw .truncated(position, "the rest of an escape")
        }
        guard dialect == .python else { throw .surrogate(start) }
        return 0xFFFD
    }

    /// Reads four hexadecimal digits.
    private mutating func codeUnit(_ start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count else { throw .truncated(position, "the rest of an escape") }
            guard let digit = bytes[position].hexadecimalValue else { throw .hexadecimal(start) }
            unit = unit &<< 4 | UInt16(digit)
            position &+= 1
        }
        return unit
    }

    /// Reads the number at the position (RFC 8259 §6).
    mutating func number() throws(JSONError) {
        let start = position
        var isComplex = false
        if bytes[position] == UInt8(ascii: "-") {
            position &+= 1
            guard position < bytes.count else { throw .truncated(position, "a digit") }
            if bytes[position] == UInt8(ascii: "I") {
                position = start
                return try special()
            }
        }
        let first = position
        try digits("a minus sign must be followed by a digit", start)
        if bytes[first] == UInt8(ascii: "0"), position &- first > 1 {
            throw .syntax(start, "leading zeros are not allowed")
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isComplex = true
            position &+= 1
            try digits("a decimal point must be followed by a digit", start)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isComplex = true
            position &+= 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
                position &+= 1
            }
            try digits("an exponent must have a digit", start)
        }
        if position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "."): throw .syntax(start, "a number may have only one decimal point")
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                throw .syntax(position, "a number must be in decimal digits")
            default: break
            }
        }
        append(.number, start, position, isComplex: isComplex)
    }

    /// Skips one or more digits. If there are none, throws an error with the text `rule`.
    private mutating func digits(_ rule: StaticString, _ start: Int) throws(JSONError) {
        let first = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 { position &+= 1 }
        guard position > first else {
            throw position == bytes.count ? .truncated(position, "a digit") : .syntax(position, "\(rule)")
        }
        guard position &- start <= limits.digits else {
            throw .limit(start, "a number has more than \(limits.digits) characters; send it as a string")
        }
    }
}

/// A decoder for the escapes of strings (RFC 8259 §7), after they were checked.
enum JSONEscapes {
    /// Returns the text for `escaped`, the bytes between the quotes of a string.
    static func unescaped(_ escaped: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(escaped.count)
        var index = 0
        while index < escaped.count {
            let byte = escaped[index]
            index &+= 1
            guard byte == UInt8(ascii: "\\"), index < escaped.count else {
                text.append(byte)
                continue
            }
            let kind = escaped[index]
            index &+= 1
            switch kind {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): append(scalar(escaped, &index), to: &text)
            default: text.append(kind)
            }
        }
        return text
    }

    /// Reads the scalar with the digits at `index`. Half of a surrogate pair becomes U+FFFD.
    private static func scalar(_ escaped: Span<UInt8>, _ index: inout Int) -> Unicode.Scalar {
        let unit = codeUnit(escaped, index)
        index &+= 4
        guard unit & 0xFC00 == 0xD800, index &+ 6 <= escaped.count, escaped[index] == UInt8(ascii: "\\"),
            escaped[index &+ 1] == UInt8(ascii: "u")
        else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        let second = codeUnit(escaped, index &+ 2)
        guard second & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
        index &+= 6
        return Unicode.Scalar(0x10000 &+ UInt32(unit & 0x3FF) &<< 10 &+ UInt32(second & 0x3FF)) ?? "\u{FFFD}"
    }

    private static func codeUnit(_ escaped: Span<UInt8>, _ index: Int) -> UInt16 {
        var unit: UInt16 = 0
        for place in index..<min(index &+ 4, escaped.count) {
            unit = unit &<< 4 | UInt16(escaped[place].hexadecimalValue ?? 0)
        }
        return unit
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { text.append(byte) }
    }
}

extension StreamSafeText {
    /// Returns `text` with at most ``maximumRun`` non-starters in a row. Longer runs are broken up with U+034F, the
    /// combining grapheme joiner. This is the Stream-Safe Text Process of Unicode UAX #15.
    static func broken(_ text: String) -> String {
        var run = 0
        var broken = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let weight = nonStarters(scalar)
            if weight == 0 {
                run = 0
            } else if run + weight > maximumRun {
                broken.append("\u{34F}")
                run = weight
            } else {
                run += weight
            }
            broken.append(scalar)
        }
        return String(broken)
    }
}
