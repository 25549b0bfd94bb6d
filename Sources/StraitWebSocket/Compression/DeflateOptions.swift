/// How messages are compressed where a client offers it (RFC 7692).
public struct DeflateOptions: Hashable, Sendable {
    /// Whether messages may refer to earlier ones. They get smaller, and each connection needs codecs of its own, which
    /// takes up to 300 KiB.
    public var keepsContext: Bool
    /// Messages of fewer bytes are sent as they are.
    public var threshold: Int
    /// zlib's: 1 the fastest to 9 the smallest.
    public var level: Int
    /// The base-two logarithm of the window that we compress with at most, 9 to 15.
    public var windowBits: Int

    /// - Precondition: `level` and `windowBits` are within their bounds.
    public init(keepsContext: Bool = false, threshold: Int = 1024, level: Int = 6, windowBits: Int = 15) {
        precondition((1...9).contains(level) && (9...15).contains(windowBits), "No such level or window.")
        self.keepsContext = keepsContext
        self.threshold = threshold
        self.level = level
        self.windowBits = windowBits
    }
}
