package import StraitCore

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

/// The end of a WebSocket, as a consumer's `disconnect` receives it.
public struct Close: Hashable, Sendable {
    /// The code in the peer's close frame (RFC 6455 §7.1.5). ``CloseCode/noCode`` if the frame had none,
    /// ``CloseCode/abnormal`` if no close frame arrived.
    public let code: CloseCode
    /// The peer's reason, often empty. With ``CloseCode/abnormal``, the error, if known.
    public let reason: String
    /// Whether both sides sent a close frame.
    public let wasClean: Bool

    /// Creates a close event, for tests and other transports.
    public init(code: CloseCode, reason: String = "", wasClean: Bool) {
        self.code = code
        self.reason = reason
        self.wasClean = wasClean
    }
}

/// The payload of a close frame: empty, or a code and a reason (RFC 6455 §5.5.1).
package struct ClosePayload: Hashable, Sendable {
    /// The maximum length of a reason in bytes of UTF-8: a control frame has at most 125 bytes, two of them for the
    /// code.
    package static let largestReason = 123

    /// The code; ``CloseCode/noCode`` for an empty payload.
    package let code: CloseCode
    /// The reason, at most ``largestReason`` bytes of UTF-8.
    package let reason: String

    /// Creates a payload. A reason over ``largestReason`` bytes is cut after a whole character, so that closing never
    /// fails. Without a code there is no reason.
    package init(code: CloseCode, reason: String = "") {
        self.code = code
        self.reason = code == .noCode ? "" : Self.cut(reason)
    }

    /// Reads a complete payload.
    ///
    /// - Throws: ``WebSocketError`` with 1002 for a single byte or for a code that must not be sent, with 1007 for a
    ///   reason that is not UTF-8.
    package init(parsing bytes: Span<UInt8>) throws(WebSocketError) {
        if bytes.isEmpty {
            self.init(code: .noCode)
            return
        }
        guard bytes.count >= 2 else { throw .closePayloadOfOneByte }
        let code = CloseCode(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        guard code.isSendable else { throw .closeCode(code) }
        guard let text = try? UTF8Span(validating: bytes.extracting(2..<bytes.count)) else { throw .invalidCloseReason }
        self.init(code: code, reason: String(copying: text))
    }

    /// Appends the payload in its wire format.
    package func write(to buffer: inout ByteBuffer) {
        guard code != .noCode else { return }
        buffer.append(UInt8(code.rawValue >> 8))
        buffer.append(UInt8(code.rawValue & 0xFF))
        buffer.append(reason)
    }

    private static func cut(_ reason: String) -> String {
        guard reason.utf8.count > largestReason else { return reason }
        var kept = ""
        var count = 0
        for character in reason {
            count += character.utf8.count
            if count > largestReason { break }
            kept.append(character)
        }
        return kept
    }
}

/// An error for a code that a close frame must not carry (RFC 6455 §7.4).
package struct UnsendableCloseCode: Error, Hashable, Sendable {
    /// The rejected code.
    package let code: CloseCode

    /// Creates an error for `code`.
    package init(code: CloseCode) {
        self.code = code
    }
}
