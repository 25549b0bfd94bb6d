/// A byte range that a request selects with `Range: bytes=…` (RFC 9110 §14.1.2).
public enum ByteRange: Hashable, Sendable {
    /// The bytes from an offset through another, inclusive, or through the end if the second offset is nil.
    case from(Int, through: Int?)
    /// The given number of bytes at the end.
    case suffix(Int)

    /// Reads the value of a `Range` header. Returns nil if the server should ignore the header and send the whole
    /// resource (RFC 9110 §14.2).
    ///
    /// That is the case for a unit other than bytes, an invalid range, or several ranges.
    public init?(parsing field: some StringProtocol) {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let text = String(parts[1].filter { $0 != " " && $0 != "\t" })
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (false, true):
            guard let first = Self.number(ends[0]) else { return nil }
            self = .from(first, through: nil)
        case (false, false):
            guard let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else { return nil }
            self = .from(first, through: last)
        case (true, false):
            guard let count = Self.number(ends[1]) else { return nil }
            self = .suffix(count)
        case (true, true): return nil
        }
    }

    /// Reads a decimal number. One that overflows counts as the largest number.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text) ?? .max
    }

    /// Returns the offsets that the range selects in `size` bytes; nil if it selects none (RFC 9110 §14.1.2).
    public func offsets(of size: Int) -> Range<Int>? {
        switch self {
        case .from(let first, let last):
            guard first < size else { return nil }
            return first..<(last.map { min($0, size - 1) + 1 } ?? size)
        case .suffix(let count):
            guard count > 0, size > 0 else { return nil }
            return size - min(count, size)..<size
        }
    }
}
