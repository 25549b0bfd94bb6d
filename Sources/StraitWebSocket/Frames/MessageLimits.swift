/// How much the other side may send at once, in bytes. More ends the connection with 1009, as soon as a header
/// announces it.
public struct MessageLimits: Sendable, Hashable {
    /// The payload of one frame; nil where only ``message`` counts. A browser sends a message in one frame, so that a
    /// smaller limit than that of messages is one for messages too.
    public var frame: Int?
    /// A message, all its frames together; for a compressed one also what it expands to.
    public var message: Int

    /// One MiB a message, in whatever frames, unless said otherwise.
    ///
    /// - Precondition: neither is negative.
    public init(frame: Int? = nil, message: Int = 1 << 20) {
        precondition((frame ?? 0) >= 0 && message >= 0, "A limit is not negative.")
        self.frame = frame
        self.message = message
    }
}
