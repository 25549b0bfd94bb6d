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
    }

    /// Returns `text` with each byte outside `allowed` replaced by `%` and two upper-case hexadecimal digits.
    public static func encode(_ text: String, allowing allowed: Allowed = .unreserved) -> String {
        encode(text, allowing: allowed == .path ? ByteSet.path : .unreserved)
    }

    /// Returns `text` with each byte outside `allowed` encoded, and a space as `+` if `spaceIsPlus` is true. Python's
    /// `quote` and `quote_plus`.
    package static func encode(_ text: String, allowing allowed: ByteSet, spaceIsPlus: Bool = false) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if allowed.contains(byte) {
                bytes.append(byte)
            } else if spaceIsPlus, byte == 0x20 {
                bytes.append(0x2B)
            } else {
                bytes.append(0x25)
                bytes.append((byte &>> 4).upperHexadecimalDigit)
                bytes.append((byte & 15).upperHexadecimalDigit)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes `text`. Returns nil if a `%` is not followed by two hexadecimal digits, or if the decoded bytes are not
    /// valid UTF-8.
    public static func decode(_ text: String) -> String? {
        decode(text.utf8.span)
    }

    /// Decodes UTF-8 text with the rules of ``decode(_:)``. If `plusIsSpace` is true, a `+` becomes a space, as in a
    /// query.
    package static func decode(_ text: Span<UInt8>, plusIsSpace: Bool = false) -> String? {
        guard let bytes = decodedBytes(text, plusIsSpace: plusIsSpace),
            let valid = try? UTF8Span(validating: bytes.span)
        else { return nil }
        return String(copying: valid)
    }

    /// Decodes `text` like Python's `unquote`. If `plusIsSpace` is true, decodes it like `unquote_plus`, which Django's
    /// `QueryDict` uses.
    ///
    /// A `%` without two hexadecimal digits stays as it is. Invalid UTF-8 becomes U+FFFD.
    package static func decodeLeniently(_ text: Span<UInt8>, plusIsSpace: Bool) -> String {
        String(decoding: decodedBytes(text, plusIsSpace: plusIsSpace, isLenient: true) ?? [], as: UTF8.self)
    }

    /// Decodes `text` to bytes, which may be in any encoding. A `%` without two hexadecimal digits after it is kept if
    /// `isLenient` is true. Otherwise the result is nil.
    package static func decodedBytes(
        _ text: Span<UInt8>, plusIsSpace: Bool = false, isLenient: Bool = false
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == 0x25 else {
                bytes.append(plusIsSpace && byte == 0x2B ? 0x20 : byte)
                continue
            }
            if index + 1 < text.count, let high = text[index].hexadecimalValue,
                let low = text[index + 1].hexadecimalValue
            {
                bytes.append(high &<< 4 | low)
                index += 2
            } else if isLenient {
                bytes.append(byte)
            } else {
                return nil
            }
        }
        return bytes
    }
}
