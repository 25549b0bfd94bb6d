/// String literals for Swift source. The compiler handles one long literal quickly.
enum SwiftLiteral {
    /// Returns a one-line literal for `text`.
    static func of(_ text: String) -> [UInt8] {
        var literal: [UInt8] = [0x22]
        literal.reserveCapacity(text.utf8.count + text.utf8.count / 16 + 2)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: literal += [0x5C, 0x6E]
            case 0x0D: literal += [0x5C, 0x72]
            case 0x09: literal += [0x5C, 0x74]
            case 0x22, 0x5C: literal += [0x5C, UInt8(scalar.value)]
            case 0x20..<0x7F: literal.append(UInt8(scalar.value))
            // Escape control characters, invisible characters, and those that change the writing direction.
            case 0..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
                literal += "\\u{\(String(scalar.value, radix: 16))}".utf8
            default: literal += UTF8.encode(scalar)!
            }
        }
        literal.append(0x22)
        return literal
    }
}
