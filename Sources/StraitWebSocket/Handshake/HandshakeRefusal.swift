/// Why a request for a WebSocket cannot be one, as an HTTP answer.
package struct HandshakeRefusal: Error, Hashable, Sendable {
    /// 400 or 426.
    package let status: Int
    /// One line for whoever looks at the answer.
    package let reason: String
    /// Fields that the answer has to have.
    package let fields: [HandshakeField]

    static func badRequest(_ reason: String) -> HandshakeRefusal {
        HandshakeRefusal(status: 400, reason: reason, fields: [])
    }

    /// RFC 6455 §4.2.2 and RFC 9110 §15.5.22: says which version there is.
    static let version = HandshakeRefusal(
        status: 426, reason: "only version 13 of the WebSocket protocol is spoken here",
        fields: [
            HandshakeField("Upgrade", "websocket"), HandshakeField("Connection", "Upgrade"),
            HandshakeField("Sec-WebSocket-Version", "13"),
        ])
}
