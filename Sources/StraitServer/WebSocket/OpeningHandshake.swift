import StraitHTTP
import StraitRouting
import StraitWebSocket

/// A client's request for a WebSocket, from its arrival until it is accepted or refused (RFC 6455 §4.2).
struct OpeningHandshake {
    /// The client's request.
    let request: HandshakeRequest
    /// The sender of a refusal.
    let responder: Responder
    /// The resolution, with middleware's changes of the answer.
    let resolution: Resolution

    /// The answer that accepts, and the agreed compression.
    ///
    /// - Throws: The fault of the subprotocol or of a header, including the middleware's.
    func accept(
        subprotocol: String?, headers: HTTPFields, compression: DeflateOptions?
    ) throws -> (head: HTTPResponseHead, deflate: DeflateParameters?) {
        // A refused assignment is not among the fields.
        try headers.check()
        let acceptance = try request.accept(
            subprotocol: subprotocol, headers: headers.map { HandshakeField($0.name, $0.value) }, deflate: compression)
        var fields = HTTPFields(reserving: 160, count: acceptance.fields.count)
        for field in acceptance.fields { try fields.append(field.name, field.value) }
        return (HTTPResponseHead(status: .switchingProtocols, fields: fields), acceptance.deflate)
    }
}
