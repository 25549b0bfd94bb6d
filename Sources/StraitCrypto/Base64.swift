/// The base64 encodings of RFC 4648 §4 and §5.
package struct Base64: Sendable {
    /// The alphabet with `+` and `/`, with padding.
    package static let standard = Base64(urlSafe: false, padding: true)
    /// The alphabet with `-` and `_`, without padding, for cookies, tokens and URLs.
    package static let urlSafe = Base64(urlSafe: true, padding: false)

    private let urlSafe: Bool
    private let padding: Bool

    /// Creates an encoding.
    ///
    /// - Parameters:
    ///   - urlSafe: Whether the alphabet has `-` and `_` instead of `+` and `/`.
    ///   - padding: Whether ``encode(_:)`` pads the text with `=` to a multiple of four characters.
    package init(urlSafe: Bool, padding: Bool) {
        self.urlSafe = urlSafe
        self.padding = padding
    }

    /// Returns `bytes` as base64 text.
    package func encode(_ bytes: Span<UInt8>) -> String {
        String(decoding: characters(for: bytes), as: UTF8.self)
    }

    /// Returns `bytes` as base64 text in ASCII.
    package func characters(for bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let held = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if held > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if held > 2 { group |= UInt32(bytes[index + 2]) }
            for place in 0...held { text.append(character(UInt8(group >> UInt32(18 - 6 * place) & 63))) }
            if padding { for _ in held..<3 { text.append(UInt8(ascii: "=")) } }
            index += 3
        }
        return text
    }

    /// Returns the bytes that `text` encodes, or nil if it is invalid.
    ///
    /// Padding must be complete or absent. Characters of the other alphabet, white space, padding of the wrong length,
    /// and nonzero bits after the last byte are invalid.
    package func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }

    /// Returns the bytes that the ASCII `text` encodes, or nil if it is invalid.
    package func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var count = text.count
        if count % 4 == 0, count > 0, text[count - 1] == UInt8(ascii: "=") {
            count -= text[count - 2] == UInt8(ascii: "=") ? 2 : 1
        }
        guard count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var held = 0
        for index in 0..<count {
            guard let value = value(text[index]) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
                bits &= (1 << UInt32(held)) - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    private func character(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: urlSafe ? "-" : "+")
        default: UInt8(ascii: urlSafe ? "_" : "/")
        }
    }

    private func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: urlSafe ? "-" : "+"): 62
        case UInt8(ascii: urlSafe ? "_" : "/"): 63
        default: nil
        }
    }
}
