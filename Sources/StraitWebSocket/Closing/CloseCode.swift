/// The reason for closing a WebSocket, as a number (RFC 6455 §7.4 and the IANA registry).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The number in the close frame.
    public let rawValue: UInt16

    /// Creates a code from any number. Only some may be sent, see ``isSendable``.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: the connection has served its purpose.
    public static let normal = CloseCode(rawValue: 1000)
    /// 1001: the server shuts down, or the browser leaves the page.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// 1002: the peer violated the protocol.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// 1003: the endpoint does not accept this kind of data, such as a binary message for a text-only endpoint.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// 1005: the close frame had no code. Never sent.
    public static let noCode = CloseCode(rawValue: 1005)
    /// 1006: the connection was lost without a close frame. Never sent.
    public static let abnormal = CloseCode(rawValue: 1006)
    /// 1007: the data does not match its type, such as text that is not UTF-8.
    public static let invalidData = CloseCode(rawValue: 1007)
    /// 1008: the message violates a policy.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// 1009: the message is too large.
    public static let messageTooBig = CloseCode(rawValue: 1009)
    /// 1010: the client requires an extension that the server did not accept.
    public static let mandatoryExtension = CloseCode(rawValue: 1010)
    /// 1011: the server failed.
    public static let internalError = CloseCode(rawValue: 1011)
    /// 1012: the server restarts. The client should reconnect after a random delay of 5 to 30 seconds.
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// 1013: the server is overloaded. The client should connect to another address, or later.
    public static let tryAgainLater = CloseCode(rawValue: 1013)
    /// 1014: a gateway received an invalid response from its upstream server.
    public static let badGateway = CloseCode(rawValue: 1014)
    /// 1015: the TLS handshake failed. Never sent.
    public static let tlsHandshake = CloseCode(rawValue: 1015)

    /// Whether a close frame may carry the code (RFC 6455 §7.4.2).
    ///
    /// These are 1000 to 1003, 1007 to 1014, the range registered for libraries (3000 to 3999) and the range for
    /// applications (4000 to 4999).
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

extension CloseCode: CustomStringConvertible {
    /// The number.
    public var description: String { String(rawValue) }
}

extension CloseCode: ExpressibleByIntegerLiteral {
    /// Creates a code from a literal of its number.
    public init(integerLiteral value: UInt16) {
        self.init(rawValue: value)
    }
}
