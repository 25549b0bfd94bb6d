package import StraitNetwork

/// What a close frame carries: nothing, or a code and a reason (RFC 6455 §5.5.1).
package struct ClosePayload: Hashable, Sendable {
    /// How many bytes of UTF-8 a reason may have: a control frame holds 125, the code takes two.
    package static let largestReason = 123

    /// ``CloseCode/noCode`` stands for an empty payload.
    package let code: CloseCode
    /// At most ``largestReason`` bytes of UTF-8.
    package let reason: String

    /// Cuts `reason` to ``largestReason`` bytes at a character's end: closing must not fail for its explanation.
    /// Without a code there is no room for a reason.
    package init(code: CloseCode, reason: String = "") {
        self.code = code
        self.reason = code == .noCode ? "" : Self.cut(reason)
    }

    /// Reads a whole payload.
    ///
    /// - Throws: 1002 for one byte alone and for codes that must not travel, 1007 for a reason that is not UTF-8.
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

    /// Appends the payload as it travels.
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
