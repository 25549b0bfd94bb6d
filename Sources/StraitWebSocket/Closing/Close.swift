/// How a WebSocket ended: what a consumer's `disconnect` is told.
public struct Close: Hashable, Sendable {
    /// The code of the other side's close frame; ``CloseCode/noCode`` where that gave none, ``CloseCode/abnormal`` where
    /// no close frame came (RFC 6455 §7.1.5).
    public let code: CloseCode
    /// The other side's reason, often empty. With ``CloseCode/abnormal``, what went wrong, where that is known.
    public let reason: String
    /// Whether both sides sent a close frame.
    public let wasClean: Bool

    /// For tests and for transports that end in another way.
    public init(code: CloseCode, reason: String = "", wasClean: Bool) {
        self.code = code
        self.reason = reason
        self.wasClean = wasClean
    }
}
