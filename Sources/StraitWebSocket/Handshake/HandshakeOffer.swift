package import StraitHTTP

/// The options that a client requests for a WebSocket, by an HTTP/1.1 upgrade or an extended CONNECT (RFC 8441).
package struct HandshakeOffer: Hashable, Sendable {
    /// The subprotocols, in order of preference (RFC 6455 §4.1).
    package let subprotocols: [String]
    /// The extensions, in order of preference.
    package let extensions: [ExtensionOffer]

    /// Reads the headers that both kinds of handshake share.
    ///
    /// - Throws: ``HandshakeRejection`` with 400 if a header is malformed or repeats a subprotocol.
    package init(_ headers: HTTPFields) throws(HandshakeRejection) {
        guard let subprotocols = TokenScanner.tokens(headers.values(of: "sec-websocket-protocol")) else {
            throw .badRequest("Sec-WebSocket-Protocol is not a list of tokens")
        }
        guard Set(subprotocols).count == subprotocols.count else {
            throw .badRequest("Sec-WebSocket-Protocol lists a subprotocol twice")
        }
        guard let extensions = ExtensionOffers.parse(headers.values(of: "sec-websocket-extensions")) else {
            throw .badRequest("Sec-WebSocket-Extensions is malformed")
        }
        self.subprotocols = subprotocols
        self.extensions = extensions
    }

    /// Creates the response, for both kinds of handshake.
    ///
    /// - Parameters:
    ///   - status: The response's status.
    ///   - fields: Headers of this kind of handshake, which are sent first.
    ///   - subprotocol: The selected subprotocol, if any.
    ///   - headers: The application's headers.
    ///   - options: The options for compression; nil for none.
    /// - Throws: ``AcceptanceError`` if the client did not offer the subprotocol, or if a header of the application is
    ///   not allowed.
    package func accept(
        status: Int, fields: [HandshakeHeader], subprotocol: String?, headers: [HandshakeHeader],
        deflate options: DeflateOptions?
    ) throws(AcceptanceError) -> Acceptance {
        var fields = fields
        if let subprotocol {
            guard subprotocols.contains(subprotocol) else { throw .subprotocolNotOffered(subprotocol) }
            fields.append(HandshakeHeader("Sec-WebSocket-Protocol", subprotocol))
        }
        var deflate: DeflateParameters?
        if let options, let agreed = DeflateNegotiation.accept(extensions, options) {
            deflate = agreed
            fields.append(HandshakeHeader("Sec-WebSocket-Extensions", agreed.fieldValue))
        }
        for header in headers {
            guard header.isAllowedInAnswer else { throw .headerNotAllowed(header.name) }
            fields.append(header)
        }
        return Acceptance(status: status, fields: fields, subprotocol: subprotocol, deflate: deflate)
    }
}

/// An accepted handshake: the response to send, and the negotiated options.
package struct Acceptance: Hashable, Sendable {
    /// The response's status: 101 for an upgrade, 200 for an extended CONNECT (RFC 8441 §5).
    package let status: Int
    /// The response's headers, in order.
    package let fields: [HandshakeHeader]
    /// The selected subprotocol, if any.
    package let subprotocol: String?
    /// The compression parameters; nil for no compression.
    package let deflate: DeflateParameters?
}

/// An error in an application's response to a handshake.
package enum AcceptanceError: Error, Hashable, Sendable {
    /// The client did not offer this subprotocol, so the server must not select it (RFC 6455 §4.2.2).
    case subprotocolNotOffered(String)
    /// The header is malformed, or the handshake sets it itself.
    case headerNotAllowed(String)
}
