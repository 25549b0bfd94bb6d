internal import StraitNetwork

/// Percent-coding (RFC 3986 §2.1), over UTF-8.
public enum PercentEncoding {
    /// Which characters stay as they are.
    public enum Allowed: Sendable {
        /// Letters, digits and `-._~`: for one segment of a path, or a name or value of a query.
        case unreserved
        /// Those, the sub-delimiters and `/:@`: for a whole path; what Django's `reverse()` leaves as it is.
        case path

        @inline(__always)
        fileprivate func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
            default: self == .path && (byte.isHostCharacter || byte == 0x2F || byte == 0x3A || byte == 0x40)
            }
        }
    }

    /// `text` with each byte that is not in `allowed` as `%` and two digits in upper case.
    public static func encode(_ text: String, allowing allowed: Allowed = .unreserved) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        let digits: StaticString = "0123456789ABCDEF"
        for byte in text.utf8 {
            if allowed.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(0x25)
                // Sound: a nibble is below 16.
                bytes.append(unsafe digits.utf8Start[Int(byte &>> 4)])
                bytes.append(unsafe digits.utf8Start[Int(byte & 15)])
            }
        }
        return String(ascii: bytes.span)
    }

    /// The text behind `text`, or nil where a `%` has no two digits behind it or the bytes are not valid UTF-8.
    public static func decode(_ text: String) -> String? {
        decode(text.utf8.span)
    }

    package static func decode(_ text: Span<UInt8>) -> String? { PercentDecoding.decode(text) }

    /// The text of a query's name or value: `+` is a space, a `%` without digits stands for itself, and what is not
    /// UTF-8 becomes U+FFFD, as in Django's `QueryDict`.
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
