internal import StraitCompression
package import StraitNetwork

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
