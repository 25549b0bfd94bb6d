internal import StraitCompression
package import StraitNetwork

/// Compresses the messages of one connection (RFC 7692 §7.2.1), where that is worth it.
package struct MessageDeflater: ~Copyable {
    private let codecs: DeflateCodecs
    private let keepsContext: Bool
    private let threshold: Int
    private let level: Int
    /// The base-two logarithm of the window; a frame shared between connections has to be compressed for the same.
    package let windowBits: Int
    /// Made with the first message, only where what was said before counts.
    private var own: Deflater?

    /// Messages of less than `threshold` bytes are left as they are. `level` is for a codec of this connection's own.
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

    /// The compressed payload, or nil where `payload` should travel as it is: it is small, or would not get smaller.
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
            // The other side is not going to see it, so later messages must not refer to it.
            forget()
            return nil
        }
        return packed.take()
    }

    /// Refers to no earlier message from here on. Needed after a compressed frame that was made elsewhere went out on
    /// this connection: the other side's window holds it, ours does not.
    package mutating func forget() {
        own?.reset()
    }
}
