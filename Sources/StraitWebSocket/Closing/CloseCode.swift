/// Why a WebSocket ended (RFC 6455 §7.4 and the IANA registry).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The number that travels in the close frame.
    public let rawValue: UInt16

    /// Any number; see ``isSendable`` for which may travel.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: its purpose is fulfilled.
    public static let normal = CloseCode(rawValue: 1000)
    /// 1001: the server goes down, or the browser leaves the page.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// 1002: the other side broke the protocol.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// 1003: data of a kind that cannot be accepted, such as bytes where only text is understood.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// 1005: the close frame gave no code. Never sent.
    public static let noCode = CloseCode(rawValue: 1005)
    /// 1006: the connection was lost without a close frame. Never sent.
    public static let abnormal = CloseCode(rawValue: 1006)
    /// 1007: data that is not what its type says, such as text that is not UTF-8.
    public static let invalidData = CloseCode(rawValue: 1007)
    /// 1008: the message breaks a policy.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// 1009: the message is larger than is accepted.
    public static let messageTooBig = CloseCode(rawValue: 1009)
    /// 1010: the client misses an extension in the server's answer.
    public static let mandatoryExtension = CloseCode(rawValue: 1010)
    /// 1011: the server failed.
    public static let internalError = CloseCode(rawValue: 1011)
    /// 1012: the server restarts; come back after a random while of 5 to 30 seconds.
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// 1013: the server is overloaded; try another address or later.
    public static let tryAgainLater = CloseCode(rawValue: 1013)
    /// 1014: a gateway got no good answer from behind it.
    public static let badGateway = CloseCode(rawValue: 1014)
    /// 1015: the TLS handshake failed. Never sent.
    public static let tlsHandshake = CloseCode(rawValue: 1015)

    /// Whether a close frame may carry it: 1000 to 1003, 1007 to 1014, those registered for libraries (3000 to 3999)
    /// and those free for applications (4000 to 4999); RFC 6455 §7.4.2.
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
    /// So that a code of an application can be written as its number.
    public init(integerLiteral value: UInt16) {
        self.init(rawValue: value)
    }
}
