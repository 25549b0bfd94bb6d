/// What a byte may be in a message. The sets are masks in registers: a table in memory would cost a load and a check.
extension UInt8 {
    /// Whether the byte is in the ASCII set whose bits 0...63 and 64...127 are `low` and `high`.
    @inline(__always)
    private func isIn(_ low: UInt64, _ high: UInt64) -> Bool {
        let mask = self < 64 ? low : high
        return self < 128 && (mask &>> UInt64(self & 63)) & 1 == 1
    }

    /// A `tchar` of RFC 9110 §5.6.2: letters, digits and ``!#$%&'*+-.^_`|~``.
    @inline(__always)
    package var isHTTPToken: Bool { isIn(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }

    /// What a field's value may hold: HTAB, SP...~ and bytes from 0x80 on (RFC 9110 §5.5).
    @inline(__always)
    package var isHTTPFieldValue: Bool {
        self >= 0x20 ? self != 0x7F : self == 0x09
    }

    /// A visible ASCII character other than `#`: what a request target may consist of.
    @inline(__always)
    package var isHTTPTarget: Bool { self > 0x20 && self < 0x7F && self != 0x23 }

    /// `unreserved` and `sub-delims` of RFC 3986 §2.2: what a host's name may consist of, besides percent-codes.
    @inline(__always)
    package var isHostCharacter: Bool { isIn(0x2BFF_7FD2_0000_0000, 0x47FF_FFFE_87FF_FFFE) }

    @inline(__always)
    package var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// SP or HTAB, the optional white space of RFC 9110 §5.6.3.
    @inline(__always)
    package var isHTTPSpace: Bool { self == 0x20 || self == 0x09 }

    @inline(__always)
    package var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    @inline(__always)
    package var asciiUppercased: UInt8 { self &- 0x61 < 26 ? self & 0xDF : self }
}
