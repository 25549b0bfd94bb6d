extension Span<UInt8> {
    /// Returns the index of the first LF at or after `start`; nil if there is none. Compares eight bytes at a time.
    @inline(__always)
    package func firstLineFeed(from start: Int) -> Int? {
        unsafe withUnsafeBytes { raw in
            var index = start
            let count = raw.count
            // SAFETY: every load ends at or before `raw.count`.
            while index &+ 8 <= count {
                let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                let other = word ^ 0x0A0A_0A0A_0A0A_0A0A
                let found = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
                if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
                index &+= 8
            }
            while index < count {
                if unsafe raw[index] == 0x0A { return index }
                index &+= 1
            }
            return nil
        }
    }

    /// Whether these bytes are valid as a header's value, see ``Swift/UInt8/isHTTPFieldValue``.
    ///
    /// The byte 0x85 is only allowed as part of another UTF-8 character, because some software reads U+0085 as a line
    /// end.
    @inline(__always)
    package var isHTTPFieldValue: Bool {
        var holdsNextLine = false
        let isAllowed = unsafe withUnsafeBytes { raw in
            let count = raw.count
            // SAFETY: every load ends at or before `raw.count`.
            guard count >= 8 else {
                for index in 0..<count {
                    guard unsafe raw[index].isHTTPFieldValue else { return false }
                    if unsafe raw[index] == 0x85 { holdsNextLine = true }
                }
                return true
            }
            var index = 0
            while true {
                let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                // A high bit marks a byte from 0x80 up, one below 0x20, or 0x7F. These are rare, so the eight bytes are
                // then checked one by one.
                let odd = (word | (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101))
                if odd & 0x8080_8080_8080_8080 != 0 {
                    for step in index..<index &+ 8 {
                        guard unsafe raw[step].isHTTPFieldValue else { return false }
                        if unsafe raw[step] == 0x85 { holdsNextLine = true }
                    }
                }
                if index == count &- 8 { return true }
                // The last step may overlap the previous one.
                index = min(index &+ 8, count &- 8)
            }
        }
        return isAllowed && (!holdsNextLine || isUTF8WithoutNextLine)
    }

    /// Whether these bytes are valid UTF-8 without U+0085.
    private var isUTF8WithoutNextLine: Bool {
        guard (try? UTF8Span(validating: self)) != nil else { return false }
        var index = 1
        while index < count {
            if self[index] == 0x85, self[index &- 1] == 0xC2 { return false }
            index &+= 1
        }
        return true
    }

    /// Whether these bytes equal `name`, ignoring ASCII case.
    @inline(__always)
    package func equalsIgnoringCase(_ name: Span<UInt8>) -> Bool {
        guard count == name.count else { return false }
        var index = 0
        while index < count {
            if self[index].asciiLowercased != name[index].asciiLowercased { return false }
            index &+= 1
        }
        return true
    }

    /// Whether these bytes equal `name`, ignoring ASCII case.
    @inline(__always)
    package func equalsIgnoringCase(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        // SAFETY: the bytes of a static string are never freed.
        return equalsIgnoringCase(unsafe Span(_unsafeStart: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Returns `range` without the spaces and tabs at both ends.
    @inline(__always)
    package func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isHTTPSpace { start &+= 1 }
        while end > start, self[end &- 1].isHTTPSpace { end &-= 1 }
        return start..<end
    }
}

extension String {
    /// Creates a string from bytes that are known to be ASCII.
    @inline(__always)
    package init(ascii bytes: Span<UInt8>) {
        // SAFETY: ASCII is valid UTF-8, and the caller checked every byte.
        self.init(copying: unsafe UTF8Span(unchecked: bytes, isKnownASCII: true))
    }

    /// Creates a string from a header's value. Bytes that are not valid UTF-8 are read as ISO 8859-1, so that none is
    /// lost.
    package init(fieldValue bytes: Span<UInt8>) {
        if let text = try? UTF8Span(validating: bytes) {
            self.init(copying: text)
            return
        }
        self.init()
        for index in bytes.indices { unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    }
}

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

    /// Whether the byte is an ASCII letter.
    @inline(__always)
    package var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// Whether the byte may follow the first letter of a URL's scheme (RFC 3986 §3.1).
    @inline(__always)
    package var isSchemeCharacter: Bool {
        isASCIILetter || isASCIIDigit || self == 0x2B || self == 0x2D || self == 0x2E
    }

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
