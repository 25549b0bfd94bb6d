package import StraitNetwork

/// An event from a ``FrameParser``.
package enum FrameEvent: Sendable, Hashable {
    /// A complete message.
    case message(Message)
    /// A ping, which must be answered by a pong with the same payload (RFC 6455 §5.5.2).
    case ping(Bytes)
    case pong(Bytes)
    /// A close frame. It is the last event: all bytes after it are ignored (§5.5.1).
    case close(ClosePayload)
}
