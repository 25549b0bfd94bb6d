import StraitHTTP
import StraitRouting
import StraitWebSocket

/// A client's request for a WebSocket, from its arrival until it is accepted or refused (RFC 6455 §4.2).
struct OpeningHandshake {
    /// What the client asked for.
    let request: HandshakeRequest
    /// Who sends a refusal.
    let responder: Responder
    /// What middleware adds to the answer that accepts.
    let acceptHeaders: HTTPFields

    /// The answer that accepts, and what is agreed on about compression.
    ///
    /// - Throws: What is wrong with the subprotocol or with a header, the middleware's included.
    func accept(
        subprotocol: String?, headers: HTTPFields, compression: DeflateOptions?
    ) throws -> (head: HTTPResponseHead, deflate: DeflateParameters?) {
        var headers = headers
        headers.append(contentsOf: acceptHeaders)
        // A refused assignment is not among the fields.
        try headers.check()
        let acceptance = try request.accept(
            subprotocol: subprotocol, headers: headers.map { HandshakeField($0.name, $0.value) }, deflate: compression)
        var fields = HTTPFields()
        for field in acceptance.fields { try fields.append(field.name, field.value) }
        return (HTTPResponseHead(status: .switchingProtocols, fields: fields), acceptance.deflate)
    }
}
