internal import StraitNetwork

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
