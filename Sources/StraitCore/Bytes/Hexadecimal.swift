/// Percent-decoding (RFC 3986 §2.1) of UTF-8 text.
package enum PercentDecoding {
    /// Decodes `text`. Returns nil if a `%` is not followed by two hexadecimal digits, or if the result is not valid
    /// UTF-8. With `plusIsSpace`, a `+` becomes a space, as in a query.
    package static func decode(_ text: Span<UInt8>, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] != 0x25 {
                bytes.append(plusIsSpace && text[index] == 0x2B ? 0x20 : text[index])
                index += 1
                continue
            }
            guard index + 2 < text.count, let high = text[index + 1].hexadecimalValue,
                let low = text[index + 2].hexadecimalValue
            else { return nil }
            bytes.append(high &<< 4 | low)
            index += 3
        }
        guard let valid = try? UTF8Span(validating: bytes.span) else { return nil }
        return String(copying: valid)
    }
}

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
}
