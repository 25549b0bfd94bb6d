package import StraitNetwork

/// A frame about the connection, which is not part of a message (RFC 6455 §5.5).
package enum ControlFrame: Hashable, Sendable {
    case ping(Bytes)
    case pong(Bytes)
    case close(ClosePayload)
}
