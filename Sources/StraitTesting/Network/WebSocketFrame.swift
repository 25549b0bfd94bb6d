public import StraitNetwork
public import StraitWebSocket

/// What came on a ``MemoryWebSocket``: whole messages, however many frames they took, and control frames (RFC 6455 §5.5).
public enum WebSocketFrame: Sendable, Hashable {
    case message(Message)
    case ping(Bytes)
    case pong(Bytes)
    /// `noCode` where the frame gave none.
    case close(CloseCode, reason: String)
    /// What came is no WebSocket; the text says why. Nothing follows.
    case invalid(String)
}

extension WebSocketFrame: CustomStringConvertible {
    /// `text hi`, `binary of 3`, `ping x`, `pong x`, `close 1000 why`.
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
