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
