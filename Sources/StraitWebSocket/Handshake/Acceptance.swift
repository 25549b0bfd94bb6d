/// An accepted handshake: the response to send, and the negotiated options.
package struct Acceptance: Hashable, Sendable {
    /// The response's status: 101 for an upgrade, 200 for an extended CONNECT (RFC 8441 §5).
    package let status: Int
    /// The response's headers, in order.
    package let fields: [HandshakeField]
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
