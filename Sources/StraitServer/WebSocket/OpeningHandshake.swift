import StraitHTTP
import StraitRouting
import StraitWebSocket

/// A WebSocket handshake from its arrival until it is accepted or refused (RFC 6455 §4.2).
struct OpeningHandshake {
    /// The client's request.
    let request: HandshakeRequest
    /// The responder, which sends a refusal.
    let responder: Responder
    /// The result of routing, including middleware's changes of the response.
    let resolution: Resolution

    /// Returns the response that accepts the handshake, and the agreed compression.
    ///
    /// - Throws: An error if the subprotocol or a header is invalid, including headers that middleware added.
    func accept(
        subprotocol: String?, headers: HTTPFields, compression: DeflateOptions?
    ) throws -> (head: HTTPResponseHead, deflate: DeflateParameters?) {
        // Reports a header that could not be set.
        try headers.check()
        let acceptance = try request.accept(
            subprotocol: subprotocol, headers: headers.map { HandshakeField($0.name, $0.value) }, deflate: compression)
        var fields = HTTPFields(reserving: 160, count: acceptance.fields.count)
        for field in acceptance.fields { try fields.append(field.name, field.value) }
        return (HTTPResponseHead(status: .switchingProtocols, fields: fields), acceptance.deflate)
    }
}
