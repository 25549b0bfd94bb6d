public import StraitNetwork
public import StraitWebSocket

/// A frame received by a ``MemoryWebSocket``: a complete message, however many frames it took, or a control frame (RFC
/// 6455 §5.5).
public enum WebSocketFrame: Sendable, Hashable {
    /// A complete message.
    case message(Message)
    /// A ping with its payload.
    case ping(Bytes)
    /// A pong with its payload.
    case pong(Bytes)
    /// A close frame. The code is `noCode` if the frame had none.
    case close(CloseCode, reason: String)
    /// Data that violates the WebSocket protocol, with the reason. Nothing follows.
    case invalid(String)
}

extension WebSocketFrame: CustomStringConvertible {
    /// A short description: `text hi`, `binary of 3`, `ping x`, `pong x`, `close 1000 why`.
    public var description: String {
        switch self {
        case .message(let message): message.text.map { "text \($0)" } ?? "binary of \(message.payload.count)"
        case .ping(let payload): "ping \(String(decoding: payload, as: UTF8.self))"
        case .pong(let payload): "pong \(String(decoding: payload, as: UTF8.self))"
        case .close(let code, let reason): "close \(code)" + (reason.isEmpty ? "" : " \(reason)")
        case .invalid(let reason): "invalid: \(reason)"
        }
    }
}
