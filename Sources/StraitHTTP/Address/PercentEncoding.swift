internal import StraitCore

/// Percent-encoding of UTF-8 text (RFC 3986 §2.1).
public enum PercentEncoding {
    /// The characters that are not encoded.
    public enum Allowed: Sendable {
        /// Letters, digits and `-._~`. For one path segment, or a name or value in a query.
        case unreserved
        /// The unreserved characters, the sub-delimiters and `/:@`. For a whole path; the same set as in Django's
        /// `reverse()`.
        case path

        @inline(__always)
        fileprivate func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
            default: self == .path && (byte.isHostCharacter || byte == 0x2F || byte == 0x3A || byte == 0x40)
            }
        }
    }

    /// Returns `text` with each byte outside `allowed` replaced by `%` and two upper-case hexadecimal digits.
    public static func encode(_ text: String, allowing allowed: Allowed = .unreserved) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        let digits: StaticString = "0123456789ABCDEF"
        for byte in text.utf8 {
            if allowed.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(0x25)
                // SAFETY: a nibble is at most 15, and the string has 16 digits.
                bytes.append(unsafe digits.utf8Start[Int(byte &>> 4)])
                bytes.append(unsafe digits.utf8Start[Int(byte & 15)])
            }
        }
        return String(ascii: bytes.span)
    }

    /// Decodes `text`. Returns nil if two hexadecimal digits do not follow a `%`, or if the decoded bytes are not valid
    /// UTF-8.
    public static func decode(_ text: String) -> String? {
        decode(text.utf8.span)
    }

    /// Decodes the bytes of `text`, with the same rules as for a `String`.
    package static func decode(_ text: Span<UInt8>) -> String? { PercentDecoding.decode(text) }

    /// Decodes a name or value of a query, as Django's `QueryDict` does.
    ///
    /// `+` becomes a space. A `%` without two hexadecimal digits stays as it is. Invalid UTF-8 becomes U+FFFD.
    package static func decodeLeniently(_ text: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == 0x25, index + 2 < text.count, let high = text[index + 1].hexadecimalValue,
                let low = text[index + 2].hexadecimalValue
            {
                bytes.append(high &<< 4 | low)
                index += 3
            } else {
                bytes.append(text[index] == 0x2B ? 0x20 : text[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
