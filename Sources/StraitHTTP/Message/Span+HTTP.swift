extension Span<UInt8> {
    /// The index of the first LF at or after `start`, eight bytes a step.
    @inline(__always)
    package func firstLineFeed(from start: Int) -> Int? {
        unsafe withUnsafeBytes { raw in
            var index = start
            let count = raw.count
            // Sound: every load ends at or before `raw.count`.
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

    /// Whether every byte may stand in a field's value, see ``Swift/UInt8/isHTTPFieldValue``, and none is taken for a
    /// line's end by software that knows U+0085: such a byte is part of another character of UTF-8, or refused.
    @inline(__always)
    package var isHTTPFieldValue: Bool {
        var holdsNextLine = false
        let isAllowed = unsafe withUnsafeBytes { raw in
            let count = raw.count
            // Sound: every load ends at or before `raw.count`.
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
                // A high bit appears for a byte from 0x80 on, one below 0x20, and 0x7F; rare enough for single steps.
                let odd = (word | (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101))
                if odd & 0x8080_8080_8080_8080 != 0 {
                    for step in index..<index &+ 8 {
                        guard unsafe raw[step].isHTTPFieldValue else { return false }
                        if unsafe raw[step] == 0x85 { holdsNextLine = true }
                    }
                }
                if index == count &- 8 { return true }
                // The last step overlaps the one before it.
                index = min(index &+ 8, count &- 8)
            }
        }
        return isAllowed && (!holdsNextLine || isUTF8WithoutNextLine)
    }

    /// Whether these bytes are UTF-8 without U+0085.
    private var isUTF8WithoutNextLine: Bool {
        guard (try? UTF8Span(validating: self)) != nil else { return false }
        var index = 1
        while index < count {
            if self[index] == 0x85, self[index &- 1] == 0xC2 { return false }
            index &+= 1
        }
        return true
    }

    /// Whether these bytes are `name`, compared without regard to ASCII case.
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

    /// Whether these bytes are `name`, which is in lower case, compared without regard to ASCII case.
    @inline(__always)
    package func equalsIgnoringCase(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        // Sound: a static string's bytes live as long as the program.
        return equalsIgnoringCase(unsafe Span(_unsafeStart: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// The indices without the spaces and tabs at both ends of `range`.
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
    /// The text of bytes that are known to be ASCII.
    @inline(__always)
    package init(ascii bytes: Span<UInt8>) {
        // Sound: ASCII is valid UTF-8; the caller checked every byte.
        self.init(copying: unsafe UTF8Span(unchecked: bytes, isKnownASCII: true))
    }

    /// The text of a field's value: UTF-8 where it is valid, else each byte its ISO 8859-1 character, so that nothing
    /// is lost.
    package init(fieldValue bytes: Span<UInt8>) {
        if let text = try? UTF8Span(validating: bytes) {
            self.init(copying: text)
            return
        }
        self.init()
        for index in bytes.indices { unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    }
}
