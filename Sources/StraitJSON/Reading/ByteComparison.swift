/// Comparisons of bytes in place.
enum ByteComparison {
    /// Whether the bytes from `offset` on begin with `text`.
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
