/// A handshake that was accepted: what to answer, and what holds from then on.
package struct Acceptance: Hashable, Sendable {
    /// 101 for an upgrade, 200 for an extended CONNECT (RFC 8441 §5).
    package let status: Int
    /// The fields of the answer, in order.
    package let fields: [HandshakeField]
    /// The one that was chosen, if any.
    package let subprotocol: String?
    /// Nil where messages are not compressed.
    package let deflate: DeflateParameters?
}

/// Why an application's acceptance cannot be sent: a mistake in the application.
package enum AcceptanceError: Error, Hashable, Sendable {
    /// A server may only choose among what the client offered (RFC 6455 §4.2.2).
    case subprotocolNotOffered(String)
    /// Malformed, or one that the handshake decides about itself.
    case headerNotAllowed(String)
}
