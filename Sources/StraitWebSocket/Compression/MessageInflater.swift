internal import StraitCompression
package import StraitNetwork

/// Expands the compressed messages of one connection (RFC 7692 §7.2.2).
package struct MessageInflater: ~Copyable {
    private let codecs: DeflateCodecs
    private let windowBits: Int
    private let keepsContext: Bool
    /// Made with the first message, only where what was said before counts.
    private var own: Inflater?

    /// `keepsContext` is whether messages may refer to earlier ones; then `windowBits` is how far, 8 to 15.
    package init(codecs: DeflateCodecs, keepsContext: Bool, windowBits: Int = 15) {
        self.codecs = codecs
        self.keepsContext = keepsContext
        self.windowBits = windowBits
        own = nil
    }

    /// Appends what the whole message `packed` expands to.
    ///
    /// - Throws: 1009 as soon as that is more than `limit` bytes, 1007 for what is no compressed data.
    package mutating func expand(
        _ packed: Span<UInt8>, into plain: inout ByteBuffer, limit: Int
    ) throws(WebSocketError) {
        // A sender whose compressor had nothing to say may leave out even the 0x00 of §7.2.3.6.
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
