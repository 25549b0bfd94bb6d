package import StraitHTTP

/// What a client would like of a WebSocket, in whichever way it asked for one: by an HTTP/1.1 upgrade or by an extended
/// CONNECT (RFC 8441).
package struct HandshakeOffer: Hashable, Sendable {
    /// The subprotocols, the most wanted first (RFC 6455 §4.1).
    package let subprotocols: [String]
    /// The extensions, the most wanted first.
    package let extensions: [ExtensionOffer]

    /// Reads the headers that both ways share.
    ///
    /// - Throws: 400 for headers that break their grammar or name a subprotocol twice.
    package init(_ headers: HTTPFields) throws(HandshakeRefusal) {
        guard let subprotocols = TokenScanner.tokens(headers.values(of: "sec-websocket-protocol")) else {
            throw .badRequest("Sec-WebSocket-Protocol is not a list of tokens")
        }
        guard Set(subprotocols).count == subprotocols.count else {
            throw .badRequest("Sec-WebSocket-Protocol names one twice")
        }
        guard let extensions = ExtensionOffers.parse(headers.values(of: "sec-websocket-extensions")) else {
            throw .badRequest("Sec-WebSocket-Extensions breaks its grammar")
        }
        self.subprotocols = subprotocols
        self.extensions = extensions
    }

    /// The answer that both ways share; `fields` are those that only one of them has, and come first.
    ///
    /// - Throws: for a subprotocol that was not offered, and for `headers` that an answer must not have.
    package func accept(
        status: Int, fields: [HandshakeField], subprotocol: String?, headers: [HandshakeField],
        deflate options: DeflateOptions?
    ) throws(AcceptanceError) -> Acceptance {
        var fields = fields
        if let subprotocol {
            guard subprotocols.contains(subprotocol) else { throw .subprotocolNotOffered(subprotocol) }
            fields.append(HandshakeField("Sec-WebSocket-Protocol", subprotocol))
        }
        var deflate: DeflateParameters?
        if let options, let agreed = DeflateNegotiation.accept(extensions, options) {
            deflate = agreed
            fields.append(HandshakeField("Sec-WebSocket-Extensions", agreed.fieldValue))
        }
        for header in headers {
            guard header.isAllowedInAnswer else { throw .headerNotAllowed(header.name) }
            fields.append(header)
        }
        return Acceptance(status: status, fields: fields, subprotocol: subprotocol, deflate: deflate)
    }
}
