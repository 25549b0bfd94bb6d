public import StraitWebSocket

/// What happens to a consumer, in order. Channels' `websocket.connect`, `websocket.receive`, `websocket.disconnect`.
public enum ConsumerEvent: Sendable {
    /// The handshake arrived; nothing was answered yet.
    case connect
    /// A whole message arrived.
    case receive(Message)
    /// The socket is over. Always the last event, and there is exactly one.
    case disconnect(Close)
}
