public import StraitHTTP
public import StraitRouting
public import StraitWebSocket

/// What a consumer did: Channels' `websocket.accept`, `websocket.send` and `websocket.close`.
public enum ConsumerOutput: Sendable {
    /// It accepted the handshake, perhaps with one of the client's subprotocols and with header fields for the answer;
    /// those that middleware added are among them.
    case accept(subprotocol: String?, headers: HTTPFields)
    /// It, or the routing before it, refused the handshake with a response.
    case deny(Response)
    /// It sent a message.
    case send(Message)
    /// It closed the socket; before an acceptance it refused the handshake that way.
    case close(CloseCode, reason: String)
}

extension ConsumerOutput: CustomStringConvertible {
    /// What the consumer did, as the end of a sentence: `closed the socket with 4007 "too late"`.
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

    /// The first of `text`, in quotation marks.
    private static func quoted(_ text: String) -> String {
        (text.count > 100 ? text.prefix(100) + "…" : text[...]).debugDescription
    }
}
