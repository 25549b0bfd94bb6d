package import StraitNetwork

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
