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

    /// Accepts the offer, for both kinds of handshake.
    ///
    /// - Parameters:
    ///   - head: The status and headers of this kind of handshake. All other headers follow them.
    ///   - subprotocol: The selected subprotocol, if any.
    ///   - headers: The application's headers.
    ///   - options: The options for compression; nil for none.
    /// - Throws: ``AcceptanceError`` if the client did not offer the subprotocol, or if the application may not set one
    ///   of its headers. `HTTPFieldError` if one of its headers is not valid.
    package func accept(
        _ head: HTTPResponseHead, subprotocol: String?, headers: HTTPFields, deflate options: DeflateOptions?
    ) throws -> Acceptance {
        try headers.check()
        var head = head
        if let subprotocol {
            guard subprotocols.contains(subprotocol) else { throw AcceptanceError.subprotocolNotOffered(subprotocol) }
            head.fields["sec-websocket-protocol"] = subprotocol
        }
        var deflate: DeflateParameters?
        if let options, let agreed = DeflateNegotiation.accept(extensions, options) {
            deflate = agreed
            head.fields["sec-websocket-extensions"] = agreed.fieldValue
        }
        for (name, _) in headers where !Self.isAllowed(name) { throw AcceptanceError.headerNotAllowed(name) }
        head.fields.append(contentsOf: headers)
        return Acceptance(head: head, subprotocol: subprotocol, deflate: deflate)
    }

    /// Whether the application may set the header `name`, which is in lower case. The headers of the handshake and of
    /// message framing are not allowed.
    private static func isAllowed(_ name: String) -> Bool {
        switch name {
        case "connection", "upgrade", "content-length", "transfer-encoding", "trailer", "keep-alive": false
        default: !name.hasPrefix("sec-websocket-")
        }
    }
}

/// An accepted handshake: the response to send, and the negotiated options.
package struct Acceptance: Sendable {
    /// The response's status and headers: 101 for an upgrade, 200 for an extended CONNECT (RFC 8441 §5).
    package let head: HTTPResponseHead
    /// The selected subprotocol, if any.
    package let subprotocol: String?
    /// The compression parameters; nil for no compression.
    package let deflate: DeflateParameters?
}

/// An error in an application's response to a handshake.
package enum AcceptanceError: Error, Hashable, Sendable {
    /// The client did not offer this subprotocol, so the server must not select it (RFC 6455 §4.2.2).
    case subprotocolNotOffered(String)
    /// The application may not set this header, because it belongs to the handshake or to message framing.
    case headerNotAllowed(String)
}
