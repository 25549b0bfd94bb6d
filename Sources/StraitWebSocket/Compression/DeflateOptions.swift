/// How messages are compressed where a client offers it (RFC 7692).
public struct DeflateOptions: Hashable, Sendable {
    /// Whether messages may refer to earlier ones. They get smaller, and each connection needs codecs of its own, which
    /// takes up to 300 KiB.
    public var keepsContext: Bool
    /// Messages of fewer bytes are sent as they are.
    public var threshold: Int
    /// zlib's: 1 the fastest to 9 the smallest. Checked by the initializer, and not to be changed after it.
    public let level: Int
    /// The base-two logarithm of the window that we compress with at most, 9 to 15. Checked by the initializer, and not to be changed after
    /// it.
    public let windowBits: Int

    /// - Precondition: `level` and `windowBits` are within their bounds.
    public init(keepsContext: Bool = false, threshold: Int = 1024, level: Int = 6, windowBits: Int = 15) {
        precondition((1...9).contains(level), "There is no compression level \(level): take 1 (fast) to 9 (small).")
        precondition((9...15).contains(windowBits), "There is no window of \(windowBits) bits: take 9 to 15.")
        self.keepsContext = keepsContext
        self.threshold = threshold
        self.level = level
        self.windowBits = windowBits
    }
}
