package import StraitCore

/// The set of characters that are escaped in a string.
package enum JSONEscaping: Sendable {
    /// The characters for which RFC 8259 requires escapes.
    case minimal
    /// Also all non-ASCII characters, as in Python's output, and `<`, `>` and `&`. For a string in a script of an HTML
    /// page.
    case script
}

extension ByteBuffer {
    /// Appends `string` in quotes.
    package mutating func append(json string: String, escaping: JSONEscaping = .minimal) {
        append(UInt8(ascii: "\""))
        switch escaping {
        case .minimal: appendMinimal(string.utf8.span)
        case .script: for scalar in string.unicodeScalars { appendForScript(scalar) }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendMinimal(_ text: Span<UInt8>) {
        reserve(text.count)
        var run = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                index &+= 1
                continue
            }
            append(text.extracting(run..<index))
            appendEscape(byte)
            index &+= 1
            run = index
        }
        append(text.extracting(run..<index))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"" as StaticString)
        case UInt8(ascii: "\\"): append("\\\\" as StaticString)
        case 0x08: append("\\b" as StaticString)
        case 0x09: append("\\t" as StaticString)
        case 0x0A: append("\\n" as StaticString)
        case 0x0C: append("\\f" as StaticString)
        case 0x0D: append("\\r" as StaticString)
        default: appendUnit(UInt16(byte))
        }
    }

    private mutating func appendForScript(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "<", ">", "&": appendUnit(UInt16(truncatingIfNeeded: scalar.value), uppercase: true)
        case "\"", "\\", "\0"..<" ": appendEscape(UInt8(truncatingIfNeeded: scalar.value))
        case " "..."~": append(UInt8(truncatingIfNeeded: scalar.value))
        default: for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { appendUnit(unit) }
        }
    }

    private mutating func appendUnit(_ unit: UInt16, uppercase: Bool = false) {
        append("\\u" as StaticString)
        for shift: UInt16 in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit &>> shift & 15)
            append(digit < 10 ? UInt8(ascii: "0") &+ digit : (uppercase ? 0x37 : 0x57) &+ digit)
        }
    }

    /// Appends an integer.
    package mutating func append(json number: some FixedWidthInteger) {
        if let small = Int64(exactly: number) { return append(decimal: small) }
        append(number.description)
    }

    private mutating func append(decimal number: Int64) {
        var rest = number.magnitude
        if number < 0 { append(UInt8(ascii: "-")) }
        // Up to 20 digits, eight per word. The last digit is computed first.
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var count = 0
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            words.2 = words.2 &<< 8 | words.1 &>> 56
            words.1 = words.1 &<< 8 | words.0 &>> 56
            words.0 = words.0 &<< 8 | (digit &+ 0x30)
            count &+= 1
            rest = quotient
        } while rest != 0
        append(words.0, count: min(count, 8))
        if count > 8 { append(words.1, count: min(count &- 8, 8)) }
        if count > 16 { append(words.2, count: count &- 16) }
    }

    /// Appends the shortest text that reads back as the same number.
    ///
    /// - Precondition: `number` is finite, because JSON has no other numbers.
    package mutating func append(json number: some BinaryFloatingPoint & LosslessStringConvertible) {
        append(number.description)
    }

    /// Appends `true` or `false`.
    package mutating func append(json truth: Bool) {
        if truth { append("true" as StaticString) } else { append("false" as StaticString) }
    }

    /// Appends `null`.
    package mutating func appendJSONNull() { append("null" as StaticString) }
}
