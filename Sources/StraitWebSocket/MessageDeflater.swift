internal import StraitCompression
package import StraitCore

/// The compressor for the messages of one connection (RFC 7692 §7.2.1). It skips messages for which compression does
/// not pay off.
package struct MessageDeflater: ~Copyable {
    private let codecs: DeflateCodecs
    private let keepsContext: Bool
    private let threshold: Int
    private let level: Int
    /// The base-two logarithm of the window. A shared frame must be compressed for the same window.
    package let windowBits: Int
    /// The connection's own codec, created for the first message, only if messages may refer to earlier ones.
    private var own: Deflater?

    /// Creates a compressor. Messages under `threshold` bytes are not compressed. `level` applies only to the
    /// connection's own codec.
    package init(
        codecs: DeflateCodecs, keepsContext: Bool, windowBits: Int = 15, threshold: Int = 1024, level: Int = 6
    ) {
        self.codecs = codecs
        self.keepsContext = keepsContext
        self.windowBits = windowBits
        self.threshold = threshold
        self.level = level
        own = nil
    }

    /// Returns the compressed payload; nil if `payload` is below the threshold or would not become smaller.
    package mutating func compress(_ payload: Span<UInt8>) -> Bytes? {
        guard payload.count >= threshold, !payload.isEmpty else { return nil }
        var packed = ByteBuffer()
        if keepsContext {
            if own == nil { own = try? Deflater(windowBits: windowBits, level: level) }
            guard own != nil else { return nil }
            own?.compress(payload, into: &packed)
            packed.removeLast(4)
        } else {
            guard codecs.compress(payload, into: &packed, windowBits: windowBits) else { return nil }
        }
        guard packed.count < payload.count else {
            // The peer does not receive the compressed data, so later messages must not refer to it.
            forget()
            return nil
        }
        return packed.take()
    }

    /// Clears the context, so that later messages refer to no earlier one.
    ///
    /// Call this after sending a shared compressed frame. The peer's window contains that frame, but ours does not.
    package mutating func forget() {
        own?.reset()
    }
}

/// The decompressor for the messages of one connection (RFC 7692 §7.2.2).
package struct MessageInflater: ~Copyable {
    private let codecs: DeflateCodecs
    private let windowBits: Int
    private let keepsContext: Bool
    /// The connection's own codec, created for the first message, only if messages may refer to earlier ones.
    private var own: Inflater?

    /// Creates a decompressor.
    ///
    /// - Parameters:
    ///   - codecs: The shared codecs, for messages that do not refer to earlier ones.
    ///   - keepsContext: Whether messages may refer to earlier ones.
    ///   - windowBits: The base-two logarithm of the window for earlier messages, 8 to 15.
    package init(codecs: DeflateCodecs, keepsContext: Bool, windowBits: Int = 15) {
        self.codecs = codecs
        self.keepsContext = keepsContext
        self.windowBits = windowBits
        own = nil
    }

    /// Appends the decompressed form of the complete message `packed`.
    ///
    /// - Throws: ``WebSocketError`` with 1009 if the result exceeds `limit` bytes, as soon as it does; with 1007 for
    ///   invalid data.
    package mutating func expand(
        _ packed: Span<UInt8>, into plain: inout ByteBuffer, limit: Int
    ) throws(WebSocketError) {
        // A sender may omit even the byte 0x00 of §7.2.3.6 for an empty message.
        guard !packed.isEmpty else { return }
        do throws(CompressionError) {
            if keepsContext {
                if own == nil { own = try Inflater(windowBits: windowBits) }
                try own?.expand(packed, into: &plain, limit: limit)
            } else {
                try codecs.expand(packed, into: &plain, limit: limit)
            }
        } catch {
            switch error {
            case .corrupt: throw .invalidCompression
            case .tooLarge: throw .tooBig("message", limit: limit)
            case .outOfMemory: throw .outOfMemory
            }
        }
    }
}
