extension UInt8 {
    /// The value of a hexadecimal digit, or nil for any other byte.
    @inlinable @inline(__always)
    package var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self &- 0x30
        case 0x41...0x46: self &- 0x37
        case 0x61...0x66: self &- 0x57
        default: nil
        }
    }

    /// The upper-case digit of a value below 16.
    @inlinable @inline(__always)
    package var upperHexadecimalDigit: UInt8 { self < 10 ? self &+ 0x30 : self &+ 0x37 }
}

extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal digits, two for each.
    package var hexadecimal: String {
        var digits: [UInt8] = []
        for byte in self {
            // The bit 0x20 makes a letter lower case. Digits already have it.
            digits.append((byte &>> 4).upperHexadecimalDigit | 0x20)
            digits.append((byte & 15).upperHexadecimalDigit | 0x20)
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
