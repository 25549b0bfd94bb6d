internal import StraitCore
internal import StraitCrypto
package import StraitHTTP

/// A valid request to upgrade an HTTP/1.1 connection to a WebSocket (RFC 6455 §4.2.1).
package struct HandshakeRequest: Hashable, Sendable {
    /// The options that the client requests.
    package let offer: HandshakeOffer
    /// The value of the response's `Sec-WebSocket-Accept` header.
    package let acceptKey: String

    /// Reads a request's headers. Returns nil if the `Upgrade` header is missing or does not list `websocket`.
    ///
    /// - Throws: ``HandshakeRejection``, the response to an invalid handshake.
    package init?(
        method: HTTPMethod, version: HTTPVersion, headers: HTTPFields
    ) throws(HandshakeRejection) {
        // In HTTP/1.0 the `Upgrade` header must be ignored (RFC 9110 §7.8).
        guard version == .http11, headers.list("upgrade", contains: "websocket") else { return nil }
        guard method == .get else { throw .badRequest("the method of a WebSocket handshake must be GET") }
        guard headers.list("connection", contains: "upgrade") else {
            throw .badRequest("the Connection header does not list Upgrade")
        }
        let versions = headers.values(of: "sec-websocket-version")
        guard !versions.isEmpty else { throw .badRequest("Sec-WebSocket-Version is missing") }
        guard versions == ["13"] else { throw .version }
        let keys = headers.values(of: "sec-websocket-key")
        guard let key = keys.first else { throw .badRequest("Sec-WebSocket-Key is missing") }
        guard keys.count == 1 else { throw .badRequest("Sec-WebSocket-Key is repeated") }
        // Sixteen bytes are 22 characters and two of padding. The decoder alone would accept other lengths.
        guard key.utf8.count == 24, Base64.standard.decode(key)?.count == 16 else {
            throw .badRequest("Sec-WebSocket-Key is not 16 bytes in Base64")
        }
        offer = try HandshakeOffer(headers)
        acceptKey = Self.acceptKey(for: key)
    }

    /// Returns the response that opens the WebSocket.
    ///
    /// - Parameters:
    ///   - subprotocol: The selected subprotocol, which the client must have offered.
    ///   - headers: The application's headers.
    ///   - options: The options for compression, if the client offers it; nil for no compression.
    /// - Throws: ``AcceptanceError`` if the client did not offer the subprotocol, or if the application may not set one
    ///   of its headers. `HTTPFieldError` if one of its headers is not valid.
    package func accept(
        subprotocol: String? = nil, headers: HTTPFields = HTTPFields(), deflate options: DeflateOptions? = nil
    ) throws -> Acceptance {
        var head = HTTPResponseHead(status: .switchingProtocols, fields: HTTPFields(reserving: 192, count: 6))
        head.fields["upgrade"] = "websocket"
        head.fields["connection"] = "Upgrade"
        head.fields["sec-websocket-accept"] = acceptKey
        return try offer.accept(head, subprotocol: subprotocol, headers: headers, deflate: options)
    }

    /// Returns the proof that the server read the client's `key` (RFC 6455 §4.2.2).
    package static func acceptKey(for key: String) -> String {
        let digest = SHA1.hash(Bytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").span)
        return Base64.standard.encode(digest.span)
    }
}

/// An invalid handshake and the response to it.
package struct HandshakeRejection: Error, Sendable {
    /// The reason in one line, for the developer of the client.
    package let reason: String
    /// The response: 400, or 426 for an unsupported version.
    package let response: Response

    private init(_ reason: String, status: HTTPStatus, headers: HTTPFields = HTTPFields()) {
        self.reason = reason
        var response = Response.text(reason + "\n", status: status)
        response.headers.append(contentsOf: headers)
        self.response = response
    }

    static func badRequest(_ reason: String) -> HandshakeRejection {
        HandshakeRejection(reason, status: .badRequest)
    }

    /// The rejection of an unsupported version, which lists the supported one (RFC 6455 §4.2.2, RFC 9110 §15.5.22).
    static var version: HandshakeRejection {
        HandshakeRejection(
            "only version 13 of the WebSocket protocol is supported", status: .upgradeRequired,
            headers: ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"])
    }
}
