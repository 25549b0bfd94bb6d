internal import StraitCrypto
package import StraitHTTP
internal import StraitNetwork

/// A request to make a WebSocket of an HTTP/1.1 connection (RFC 6455 §4.2.1), checked.
package struct HandshakeRequest: Hashable, Sendable {
    /// What the client would like.
    package let offer: HandshakeOffer
    /// The value of the answer's `Sec-WebSocket-Accept` field.
    package let acceptKey: String

    /// Reads a request's headers. Returns nil if it asks for no WebSocket: its `Upgrade` header, if any, does not name it.
    ///
    /// - Throws: The answer to a request that asks for one in the wrong way.
    package init?(method: String, isHTTP11: Bool, headers: HTTPFields) throws(HandshakeRefusal) {
        // In HTTP/1.0 the field has no meaning and must be ignored (RFC 9110 §7.8).
        guard isHTTP11, headers.list("upgrade", contains: "websocket") else { return nil }
        guard method == "GET" else { throw .badRequest("a WebSocket is asked for with GET") }
        guard headers.list("connection", contains: "upgrade") else {
            throw .badRequest("Connection does not name Upgrade")
        }
        let versions = headers.values(of: "sec-websocket-version")
        guard !versions.isEmpty else { throw .badRequest("Sec-WebSocket-Version is missing") }
        guard versions == ["13"] else { throw .version }
        let keys = headers.values(of: "sec-websocket-key")
        guard let key = keys.first else { throw .badRequest("Sec-WebSocket-Key is missing") }
        guard keys.count == 1 else { throw .badRequest("Sec-WebSocket-Key is there twice") }
        // Sixteen bytes are 22 characters and two of padding, which the decoder alone would not insist on.
        guard key.utf8.count == 24, Base64.standard.decode(key)?.count == 16 else {
            throw .badRequest("Sec-WebSocket-Key is not 16 bytes in Base64")
        }
        offer = try HandshakeOffer(headers)
        acceptKey = Self.acceptKey(for: key)
    }

    /// The answer that opens the WebSocket. `subprotocol` is one of those offered, `headers` what the application adds.
    /// With `options` messages get compressed if the client offered it.
    ///
    /// - Throws: for a subprotocol that was not offered, and for `headers` that an answer must not have.
    package func accept(
        subprotocol: String? = nil, headers: [HandshakeField] = [], deflate options: DeflateOptions? = nil
    ) throws(AcceptanceError) -> Acceptance {
        try offer.accept(
            status: 101,
            fields: [
                HandshakeField("Upgrade", "websocket"), HandshakeField("Connection", "Upgrade"),
                HandshakeField("Sec-WebSocket-Accept", acceptKey),
            ],
            subprotocol: subprotocol, headers: headers, deflate: options)
    }

    /// What proves that the server read the client's `key` (RFC 6455 §4.2.2).
    package static func acceptKey(for key: String) -> String {
        let digest = SHA1.hash(Bytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").span)
        return Base64.standard.encode(digest.span)
    }
}
