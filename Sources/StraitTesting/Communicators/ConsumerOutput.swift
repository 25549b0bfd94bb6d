public import StraitHTTP
public import StraitRouting
public import StraitWebSocket

/// An output of a consumer: Channels' `websocket.accept`, `websocket.send` and `websocket.close`.
public enum ConsumerOutput: Sendable {
    /// The consumer accepted the handshake, optionally with one of the client's subprotocols and with headers of the
    /// response. The headers include those that middleware added.
    case accept(subprotocol: String?, headers: HTTPFields)
    /// The consumer, or the routing, refused the handshake with a response.
    case deny(Response)
    /// The consumer sent a message.
    case send(Message)
    /// The consumer closed the socket. Before acceptance, this refuses the handshake.
    case close(CloseCode, reason: String)
}

extension ConsumerOutput: CustomStringConvertible {
    /// The output, phrased as the end of a sentence: `closed the socket with 4007 "too late"`.
    public var description: String {
        switch self {
        case .accept(let subprotocol, _):
            "accepted the handshake" + (subprotocol.map { " with the subprotocol \($0)" } ?? "")
        case .deny(let response): "refused the handshake with \(response.status)"
        case .send(let message):
            message.text.map { "sent the text \(Self.quoted($0))" } ?? "sent \(message.payload.count) bytes"
        case .close(let code, let reason):
            "closed the socket with \(code)" + (reason.isEmpty ? "" : " " + Self.quoted(reason))
        }
    }

    /// Returns the first 100 characters of `text` in quotation marks.
    private static func quoted(_ text: String) -> String {
        (text.count > 100 ? text.prefix(100) + "…" : text[...]).debugDescription
    }
}
