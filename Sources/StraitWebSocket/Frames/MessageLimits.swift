/// How much the other side may send at once, in bytes. More ends the connection with 1009, as soon as a header
/// announces it.
public struct MessageLimits: Sendable, Hashable {
    /// The payload of one frame.
    public var frame: Int
    /// A message, all its frames together; for a compressed one also what it expands to.
    public var message: Int

    /// One MiB each, unless said otherwise.
    ///
    /// - Precondition: neither is negative.
    public init(frame: Int = 1 << 20, message: Int = 1 << 20) {
        precondition(frame >= 0 && message >= 0, "A limit is not negative.")
        self.frame = frame
        self.message = message
    }
}
