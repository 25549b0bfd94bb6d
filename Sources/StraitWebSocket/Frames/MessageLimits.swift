/// Size limits for the peer's messages, in bytes. A larger message closes the connection with 1009, as soon as a frame
/// header announces it.
public struct MessageLimits: Sendable, Hashable {
    /// The maximum payload of one frame; nil for no separate limit. Browsers send each message in one frame, so a limit
    /// below ``message`` also limits their messages.
    public var frame: Int?
    /// The maximum size of a message, all frames together. Also the limit for the decompressed size.
    public var message: Int

    /// Creates limits. By default a message has at most 1 MiB, and frames have no separate limit.
    ///
    /// - Precondition: No limit is negative.
    public init(frame: Int? = nil, message: Int = 1 << 20) {
        precondition((frame ?? 0) >= 0 && message >= 0, "A message limit must not be negative.")
        self.frame = frame
        self.message = message
    }
}
