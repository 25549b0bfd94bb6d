package import StraitCompression
package import StraitNetwork

/// The codecs that all connections of one loop take turns with: a codec that keeps nothing from one message to the next
/// (RFC 7692 §7.1.1) need not belong to a connection, and 300 KiB each would be most of what a connection costs.
///
/// Not `Sendable`: it belongs to one loop.
package final class DeflateCodecs {
    private let level: Int
    private var deflaters: [Shared?] = Array(repeating: nil, count: Deflater.windowBits.count)
    // The largest window reads what was written for any.
    private var inflater: Inflater?

    /// `level` is zlib's, 1 the fastest to 9 the smallest.
    package init(level: Int = 6) {
        self.level = level
    }

    /// Compresses one message on its own, without its last four bytes (RFC 7692 §7.2.1).
    ///
    /// - Returns: false where there is no memory for it; `output` is as it was.
    package func compress(_ input: Span<UInt8>, into output: inout ByteBuffer, windowBits: Int) -> Bool {
        let index = windowBits - Deflater.windowBits.lowerBound
        if deflaters[index] == nil {
            guard let made = try? Deflater(windowBits: windowBits, level: level) else { return false }
            deflaters[index] = Shared(made)
        }
        deflaters[index]?.compress(input, into: &output)
        return true
    }

    /// Expands one message on its own, to at most `limit` bytes.
    package func expand(
        _ input: Span<UInt8>, into output: inout ByteBuffer, limit: Int
    ) throws(CompressionError) {
        if inflater == nil { inflater = try Inflater() }
        defer { inflater?.reset() }
        try inflater?.expand(input, into: &output, limit: limit)
    }

    private final class Shared {
        private var deflater: Deflater

        init(_ deflater: consuming Deflater) {
            self.deflater = deflater
        }

        func compress(_ input: Span<UInt8>, into output: inout ByteBuffer) {
            deflater.compress(input, into: &output)
            deflater.reset()
            output.removeLast(4)
        }
    }
}
