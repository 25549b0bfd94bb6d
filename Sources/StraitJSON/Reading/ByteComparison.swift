/// Comparisons of bytes without copies.
enum ByteComparison {
    /// Whether `text` is at `offset` in the bytes.
    @inline(__always)
    static func starts(_ bytes: Span<UInt8>, at offset: Int, with text: Span<UInt8>) -> Bool {
        guard bytes.count &- offset >= text.count else { return false }
        var index = 0
        while index < text.count {
            if bytes[offset &+ index] != text[index] { return false }
            index &+= 1
        }
        return true
    }
}
