public import StraitHTTP
public import StraitRouting
public import StraitWebSocket

/// How a handshake was answered; what Channels' `connect()` returns.
public struct HandshakeResult: Sendable {
    /// Whether there is a socket now.
    public let isAccepted: Bool
    /// The subprotocol that the consumer chose; nil where it chose none.
    public let subprotocol: String?
    /// The header fields that consumer and middleware added to the answer, or those of the refusal.
    public let headers: HTTPFields
    /// The status of the answer: 101, or the refusal's; 403 where the consumer closed instead of accepting.
    public let status: HTTPStatus
    /// The refusal; nil where the handshake was accepted.
    public let response: Response?
    /// What the consumer closed with instead of accepting; the second of what Channels' `connect()` returns. No client gets
    /// to see it.
    public let closeCode: CloseCode?

    init(accepted subprotocol: String?, _ headers: HTTPFields) {
        isAccepted = true
        self.subprotocol = subprotocol
        self.headers = headers
        status = .switchingProtocols
        response = nil
        closeCode = nil
    }

    init(refused response: Response, closeCode: CloseCode? = nil) {
        isAccepted = false
        subprotocol = nil
        headers = response.headers
        status = response.status
        self.response = response
        self.closeCode = closeCode
    }
}
