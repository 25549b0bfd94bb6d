/// The end of a WebSocket, as a consumer's `disconnect` receives it.
public struct Close: Hashable, Sendable {
    /// The code in the peer's close frame (RFC 6455 §7.1.5). ``CloseCode/noCode`` if the frame had none,
    /// ``CloseCode/abnormal`` if no close frame arrived.
    public let code: CloseCode
    /// The peer's reason, often empty. With ``CloseCode/abnormal``, the error, if known.
    public let reason: String
    /// Whether both sides sent a close frame.
    public let wasClean: Bool

    /// Creates a close event, for tests and other transports.
    public init(code: CloseCode, reason: String = "", wasClean: Bool) {
        self.code = code
        self.reason = reason
        self.wasClean = wasClean
    }
}
