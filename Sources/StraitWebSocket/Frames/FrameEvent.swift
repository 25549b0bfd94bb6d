package import StraitNetwork

/// What a ``FrameParser`` found.
package enum FrameEvent: Sendable, Hashable {
    /// A whole message.
    case message(Message)
    /// Wants a pong with the same payload back (RFC 6455 §5.5.2).
    case ping(Bytes)
    case pong(Bytes)
    /// The last event; what follows it on the wire is skipped (§5.5.1).
    case close(ClosePayload)
}
