/// A rejected handshake, as the HTTP response to send.
package struct HandshakeRefusal: Error, Hashable, Sendable {
    /// The response's status: 400 or 426.
    package let status: Int
    /// The reason in one line, for the developer of the client.
    package let reason: String
    /// The headers that the response must have.
    package let fields: [HandshakeField]

    static func badRequest(_ reason: String) -> HandshakeRefusal {
        HandshakeRefusal(status: 400, reason: reason, fields: [])
    }

    /// The response to an unsupported version, which lists the supported one (RFC 6455 §4.2.2, RFC 9110 §15.5.22).
    static let version = HandshakeRefusal(
        status: 426, reason: "only version 13 of the WebSocket protocol is supported",
        fields: [
            HandshakeField("Upgrade", "websocket"), HandshakeField("Connection", "Upgrade"),
            HandshakeField("Sec-WebSocket-Version", "13"),
        ])
}
