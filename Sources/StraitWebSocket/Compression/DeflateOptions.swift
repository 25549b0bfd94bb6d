/// Options for the compression of messages, which applies if a client offers it (RFC 7692).
public struct DeflateOptions: Hashable, Sendable {
    /// Whether messages may refer to earlier ones. They become smaller, but each connection needs its own codecs, with
    /// up to 300 KiB of memory.
    public var keepsContext: Bool
    /// The minimum size of a message to compress, in bytes.
    public var threshold: Int
    /// The compression level of zlib, 1 (fastest) to 9 (smallest).
    public let level: Int
    /// The base-two logarithm of the maximum window for compression, 9 to 15.
    public let windowBits: Int

    /// Creates options.
    ///
    /// - Precondition: `level` is 1 to 9, and `windowBits` is 9 to 15.
    public init(keepsContext: Bool = false, threshold: Int = 1024, level: Int = 6, windowBits: Int = 15) {
        precondition((1...9).contains(level), "Invalid `level` \(level): expected 1 (fastest) to 9 (smallest).")
        precondition((9...15).contains(windowBits), "Invalid `windowBits` \(windowBits): expected 9 to 15.")
        self.keepsContext = keepsContext
        self.threshold = threshold
        self.level = level
        self.windowBits = windowBits
    }
}
