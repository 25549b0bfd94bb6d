/// Classes of bytes in HTTP messages. The sets are masks in registers, because a table needs a memory access and a
/// bounds check.
extension UInt8 {
    /// Whether the byte is in an ASCII set with the bits 0...63 in `low` and 64...127 in `high`.
    @inline(__always)
    private func isIn(_ low: UInt64, _ high: UInt64) -> Bool {
        let mask = self < 64 ? low : high
        return self < 128 && (mask &>> UInt64(self & 63)) & 1 == 1
    }

    /// Whether the byte is a `tchar` of RFC 9110 §5.6.2: a letter, a digit or one of ``!#$%&'*+-.^_`|~``.
    @inline(__always)
    package var isHTTPToken: Bool { isIn(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }

    /// Whether the byte is valid in a header's value: HTAB, SP...~, or from 0x80 up (RFC 9110 §5.5).
    @inline(__always)
    package var isHTTPFieldValue: Bool {
        self >= 0x20 ? self != 0x7F : self == 0x09
    }

    /// Whether the byte is valid in a request target: visible ASCII other than `#`.
    @inline(__always)
    package var isHTTPTarget: Bool { self > 0x20 && self < 0x7F && self != 0x23 }

    /// Whether the byte is valid in a host name: `unreserved` or `sub-delims` of RFC 3986 §2.2. Percent-encoded bytes
    /// are checked elsewhere.
    @inline(__always)
    package var isHostCharacter: Bool { isIn(0x2BFF_7FD2_0000_0000, 0x47FF_FFFE_87FF_FFFE) }

    /// Whether the byte is an ASCII digit.
    @inline(__always)
    package var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// Whether the byte is SP or HTAB, the optional white space of RFC 9110 §5.6.3.
    @inline(__always)
    package var isHTTPSpace: Bool { self == 0x20 || self == 0x09 }

    /// The byte, with an ASCII letter in lower case.
    @inline(__always)
    package var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The byte, with an ASCII letter in upper case.
    @inline(__always)
    package var asciiUppercased: UInt8 { self &- 0x61 < 26 ? self & 0xDF : self }
}
