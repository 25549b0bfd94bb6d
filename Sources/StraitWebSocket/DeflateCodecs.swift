package import StraitCompression
package import StraitCore

/// The codecs that the connections of one event loop share.
///
/// A codec that keeps no context between messages (RFC 7692 §7.1.1) need not belong to one connection. It needs 300
/// KiB, which would be most of a connection's memory.
///
/// Not `Sendable`, because it is loop-bound.
package final class DeflateCodecs {
    private let level: Int
    private var deflaters: [Shared?] = Array(repeating: nil, count: Deflater.windowBits.count)
    // The largest window also reads data that was written for a smaller one.
    private var inflater: Inflater?

    /// Creates an empty set of codecs. `level` is zlib's compression level, 1 (fastest) to 9 (smallest).
    package init(level: Int = 6) {
        self.level = level
    }

    /// Compresses one message without context, and omits its last four bytes (RFC 7692 §7.2.1).
    ///
    /// - Returns: False if the codec cannot be created for lack of memory; `output` is unchanged then.
    package func compress(_ input: Span<UInt8>, into output: inout ByteBuffer, windowBits: Int) -> Bool {
        let index = windowBits - Deflater.windowBits.lowerBound
        if deflaters[index] == nil {
            guard let made = try? Deflater(windowBits: windowBits, level: level) else { return false }
            deflaters[index] = Shared(made)
        }
        deflaters[index]?.compress(input, into: &output)
        return true
    }

    /// Decompresses one message without context, to at most `limit` bytes.
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
