/// The Stream-Safe Text Format (Unicode UAX #15, section 13): at most 30 non-starters in a row.
///
/// Swift's `String` normalizes text to compare and hash it. That takes quadratic time for a run of non-starters, which
/// are mostly combining marks. No language needs more than 30 in a row. Check untrusted text before it becomes a
/// `String`.
@usableFromInline package enum StreamSafeText {
    /// The maximum number of consecutive non-starters.
    package static let maximumRun = 30

    /// The length in bytes of the shortest run that is too long: 16 times U+0344, which has two bytes and counts as two
    /// non-starters. Every such run therefore includes the last byte of a window of this length.
    @usableFromInline static let window = 32

    /// Whether `utf8` has no run of more than ``maximumRun`` non-starters. Takes linear time.
    ///
    /// Bytes that are not valid UTF-8 count as starters. ASCII text costs one comparison for each ``window``.
    @inlinable
    @inline(__always)
    package static func isStreamSafe(_ utf8: Span<UInt8>) -> Bool {
        var index = window &- 1
        while index < utf8.count {
            if utf8[index] >= 0x80 { return isStreamSafe(utf8, from: index) }
            index &+= window
        }
        return true
    }

    /// Performs the same check from `start` on. The caller guarantees that no run that ends before `start` is too long.
    @usableFromInline
    @inline(never)
    static func isStreamSafe(_ utf8: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        while index < utf8.count {
            // ASCII and the lead bytes of scalars below U+0300, all of which are starters.
            if utf8[index] < 0x80 || (0xC0..<0xCC).contains(utf8[index]) {
                index &+= window
                continue
            }
            let start = startOfScalar(in: utf8, around: index)
            let first = scalar(in: utf8, at: start)
            guard nonStarters(first.value) > 0 else {
                index &+= window
                continue
            }
            guard let end = endOfRun(in: utf8, around: start) else { return false }
            index = max(index, end - 1) &+ window
        }
        return true
    }

    /// Returns the end of the run of non-starters around the scalar at `start`, or nil if the run is too long.
    private static func endOfRun(in utf8: Span<UInt8>, around start: Int) -> Int? {
        var count = 0
        var index = start
        while index > 0 {
            let previous = startOfScalar(in: utf8, around: index - 1)
            let weight = nonStarters(scalar(in: utf8, at: previous).value)
            if weight == 0 { break }
            count += weight
            if count > maximumRun { return nil }
            index = previous
        }
        index = start
        while index < utf8.count {
            let next = scalar(in: utf8, at: index)
            let weight = nonStarters(next.value)
            if weight == 0 { break }
            count += weight
            if count > maximumRun { return nil }
            index += next.length
        }
        return index
    }

    /// Returns the number of non-starters at the beginning of a scalar's compatibility decomposition.
    package static func nonStarters(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x300, 0x3400..<0xA66F, 0xAC00..<0xFB1E: 0
        // Scalars that decompose into two non-starters. All but the first have combining class 0 themselves.
        case 0x344, 0xF73, 0xF75, 0xF81: 2
        // The halfwidth forms of the combining marks U+3099 and U+309A.
        case 0xFF9E, 0xFF9F: 1
        default: scalar.properties.canonicalCombiningClass == .notReordered ? 0 : 1
        }
    }

    /// Returns the start of the scalar that contains the byte at `index`, or `index` if the bytes are not valid UTF-8.
    private static func startOfScalar(in utf8: Span<UInt8>, around index: Int) -> Int {
        var start = index
        while start > 0, index - start < 3, utf8[start] & 0xC0 == 0x80 { start -= 1 }
        return index - start < scalar(in: utf8, at: start).length ? start : index
    }

    /// Returns the scalar that starts at `index`, or U+FFFD with length 1 if there is none.
    private static func scalar(in utf8: Span<UInt8>, at index: Int) -> (value: Unicode.Scalar, length: Int) {
        let lead = utf8[index]
        let length =
            switch lead {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard length > 1, index + length <= utf8.count else {
            return (lead < 0x80 ? Unicode.Scalar(lead) : "\u{FFFD}", 1)
        }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = utf8[index + offset]
            guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
        return (scalar, length)
    }
}

extension String {
    /// The text with U+034F inserted after each 30 consecutive non-starters (the Stream-Safe Text Process of UAX #15).
    /// It keeps its meaning and can be compared in linear time.
    package var madeStreamSafe: String {
        guard !isStreamSafe else { return self }
        var result = UnicodeScalarView()
        var run = 0
        for scalar in unicodeScalars {
            let count = StreamSafeText.nonStarters(scalar)
            run = count == 0 ? 0 : run + count
            if run > StreamSafeText.maximumRun {
                result.append("\u{34F}")
                run = count
            }
            result.append(scalar)
        }
        return String(result)
    }

    /// Whether the text is in the Stream-Safe Text Format: at most 30 consecutive non-starters.
    package var isStreamSafe: Bool { StreamSafeText.isStreamSafe(utf8.span) }
}

extension Substring {
    /// Whether the text is in the Stream-Safe Text Format: at most 30 consecutive non-starters.
    package var isStreamSafe: Bool { StreamSafeText.isStreamSafe(utf8.span) }
}

extension StringProtocol {
    /// Whether both texts have the same UTF-8 bytes. Python and Django compare text in the same way.
    ///
    /// Use it to compare untrusted text. `==` takes quadratic time for long runs of combining marks, because it
    /// compares by canonical equivalence. It also treats different scalars as equal.
    @inlinable
    package func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

extension String {
    /// Whether both strings have the same UTF-8 bytes. This overload is faster than the generic one.
    @inlinable
    package func hasSameBytes(as other: String) -> Bool {
        let (bytes, others) = (utf8.span, other.utf8.span)
        guard bytes.count == others.count else { return false }
        for index in bytes.indices where bytes[index] != others[index] { return false }
        return true
    }
}
