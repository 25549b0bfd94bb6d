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
    package init?(method: String, isHTTP11: Bool, headers: HTTPFields) throws(HandshakeRejection) {
        // In HTTP/1.0 the `Upgrade` header must be ignored (RFC 9110 §7.8).
        guard isHTTP11, headers.list("upgrade", contains: "websocket") else { return nil }
        guard method == "GET" else { throw .badRequest("the method of a WebSocket handshake must be GET") }
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
    ///   - options: The options for compression, which applies if the client offered it; nil for none.
    /// - Throws: ``AcceptanceError`` if the client did not offer the subprotocol, or if a header of the application is
    ///   not allowed.
    package func accept(
        subprotocol: String? = nil, headers: [HandshakeHeader] = [], deflate options: DeflateOptions? = nil
    ) throws(AcceptanceError) -> Acceptance {
        try offer.accept(
            status: 101,
            fields: [
                HandshakeHeader("Upgrade", "websocket"), HandshakeHeader("Connection", "Upgrade"),
                HandshakeHeader("Sec-WebSocket-Accept", acceptKey),
            ],
            subprotocol: subprotocol, headers: headers, deflate: options)
    }

    /// Returns the proof that the server read the client's `key` (RFC 6455 §4.2.2).
    package static func acceptKey(for key: String) -> String {
        let digest = SHA1.hash(Bytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").span)
        return Base64.standard.encode(digest.span)
    }
}

/// A header of the response to a handshake.
package struct HandshakeHeader: Hashable, Sendable {
    /// The name, in any case.
    package let name: String
    /// The value, without white space around it.
    package let value: String

    /// Creates a header without checking it. ``HandshakeOffer/accept(status:fields:subprotocol:headers:deflate:)``
    /// checks it.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether an application may add the header. It must be well-formed (RFC 9110 §5.5), so that its value cannot add
    /// another header. It must not be one that the handshake or the message framing sets.
    var isAllowedInAnswer: Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(TokenScanner.isTokenByte) else { return false }
        guard value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else { return false }
        switch name.lowercased() {
        case "connection", "upgrade", "content-length", "transfer-encoding", "trailer", "keep-alive": return false
        case let name: return !name.hasPrefix("sec-websocket-")
        }
    }
}

/// A rejected handshake, as the HTTP response to send.
package struct HandshakeRejection: Error, Hashable, Sendable {
    /// The response's status: 400 or 426.
    package let status: Int
    /// The reason in one line, for the developer of the client.
    package let reason: String
    /// The headers that the response must have.
    package let fields: [HandshakeHeader]

    static func badRequest(_ reason: String) -> HandshakeRejection {
        HandshakeRejection(status: 400, reason: reason, fields: [])
    }

    /// The response to an unsupported version, which lists the supported one (RFC 6455 §4.2.2, RFC 9110 §15.5.22).
    static let version = HandshakeRejection(
        status: 426, reason: "only version 13 of the WebSocket protocol is supported",
        fields: [
            HandshakeHeader("Upgrade", "websocket"), HandshakeHeader("Connection", "Upgrade"),
            HandshakeHeader("Sec-WebSocket-Version", "13"),
        ])
}
