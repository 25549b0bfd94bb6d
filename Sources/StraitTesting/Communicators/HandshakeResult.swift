public import StraitHTTP
public import StraitRouting
public import StraitWebSocket

/// The response to a handshake; the result of Channels' `connect()`.
public struct HandshakeResult: Sendable {
    /// Whether the handshake was accepted and the socket is open.
    public let isAccepted: Bool
    /// The subprotocol that the consumer chose, or nil.
    public let subprotocol: String?
    /// The headers that the consumer and middleware added to the response, or the headers of the refusal.
    public let headers: HTTPFields
    /// The status of the response: 101 or that of the refusal. It is 403 if the consumer closed instead of accepting.
    public let status: HTTPStatus
    /// The refusal, or nil if the handshake was accepted.
    public let response: Response?
    /// The code with which the consumer closed instead of accepting; the second result of Channels' `connect()`. Real
    /// clients never see it.
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
