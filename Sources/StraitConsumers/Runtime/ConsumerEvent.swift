public import StraitWebSocket

/// An event in a consumer's life, in order of occurrence. Channels' `websocket.connect`, `websocket.receive` and
/// `websocket.disconnect`.
public enum ConsumerEvent: Sendable {
    /// The handshake arrived and has not been answered.
    case connect
    /// A whole message arrived.
    case receive(Message)
    /// The socket has ended. This is always the last event, and occurs exactly once.
    case disconnect(Close)
}
