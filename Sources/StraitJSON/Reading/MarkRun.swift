internal import StraitNetwork

/// Counts combining marks in a row.
///
/// Swift compares and hashes texts by their normal form, which sorts each run of combining marks, in the square of its
/// length. Unicode's Stream-Safe Text Format (UAX #15) has runs of at most 30, so that all work stays linear.
struct MarkRun {
    static let longest = 30

    private(set) var count = 0

    /// Counts `scalar`, and returns whether the run is too long now.
    mutating func isTooLong(with scalar: Unicode.Scalar) -> Bool {
        guard Self.isMark(scalar) else {
            count = 0
            return false
        }
        count += 1
        return count > Self.longest
    }

    /// Starts a new run with one mark.
    mutating func restart() { count = 1 }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Letters of which none combines, so that most text needs no table.
        case ..<0x300, 0x3400..<0xA66F, 0xAC00..<0xD7A4, 0x1F000..<0x1FB00: false
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }

    /// Whether the bytes, valid UTF-8, contain a run that is too long.
    static func isTooLong(_ bytes: Span<UInt8>) -> Bool {
        // A mark has two bytes at least.
        guard bytes.count > 2 * longest else { return false }
        guard let text = try? UTF8Span(validating: bytes) else { return true }
        var run = MarkRun()
        var scalars = text.makeUnicodeScalarIterator()
        while let scalar = scalars.next() {
            if run.isTooLong(with: scalar) { return true }
        }
        return false
    }

    /// `text` with U+034F, the combining grapheme joiner, behind each run of the greatest length, as UAX #15 has it.
    static func broken(_ text: String) -> String {
        var run = MarkRun()
        var broken = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if run.isTooLong(with: scalar) {
                broken.append("\u{34F}")
                run.restart()
            }
            broken.append(scalar)
        }
        return String(broken)
    }
}
