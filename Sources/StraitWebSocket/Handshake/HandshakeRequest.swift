internal import StraitCrypto
internal import StraitNetwork

/// A request to make a WebSocket of an HTTP/1.1 connection (RFC 6455 §4.2.1), checked.
package struct HandshakeRequest: Hashable, Sendable {
    /// What the client would like.
    package let offer: HandshakeOffer
    /// The value of the answer's `Sec-WebSocket-Accept` field.
    package let acceptKey: String

    /// Nil where the request asks for no WebSocket: its `Upgrade` field, if any, does not name it. `values` gives the
    /// values of every field of a name, whatever its case.
    ///
    /// - Throws: how to refuse a request that asks for one in the wrong way.
    package init?(
        method: String, isHTTP11: Bool, values: (String) -> [String]
    ) throws(HandshakeRefusal) {
        // In HTTP/1.0 the field has no meaning and must be ignored (RFC 9110 §7.8).
        guard isHTTP11, Self.lists("websocket", values("Upgrade")) else { return nil }
        guard method == "GET" else { throw .badRequest("a WebSocket is asked for with GET") }
        guard Self.lists("upgrade", values("Connection")) else {
            throw .badRequest("Connection does not name Upgrade")
        }
        let versions = values("Sec-WebSocket-Version")
        guard !versions.isEmpty else { throw .badRequest("Sec-WebSocket-Version is missing") }
        guard versions == ["13"] else { throw .version }
        let keys = values("Sec-WebSocket-Key")
        guard let key = keys.first else { throw .badRequest("Sec-WebSocket-Key is missing") }
        guard keys.count == 1 else { throw .badRequest("Sec-WebSocket-Key is there twice") }
        // Sixteen bytes are 22 characters and two of padding, which the decoder alone would not insist on.
        guard key.utf8.count == 24, Base64.standard.decode(key)?.count == 16 else {
            throw .badRequest("Sec-WebSocket-Key is not 16 bytes in Base64")
        }
        offer = try HandshakeOffer(values: values)
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

    /// Whether one of the lists in `fields` has `token`, whatever its case. Other elements may be anything: `Upgrade`
    /// has `name/version`.
    private static func lists(_ token: String, _ fields: [String]) -> Bool {
        fields.contains { field in
            field.lowercased().split(separator: ",").contains { element in
                guard let first = element.firstIndex(where: { !isSpace($0) }),
                    let last = element.lastIndex(where: { !isSpace($0) })
                else { return false }
                return element[first...last] == token
            }
        }
    }

    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
}
