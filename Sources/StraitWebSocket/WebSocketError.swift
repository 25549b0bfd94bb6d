/// Why a WebSocket must be failed (RFC 6455 §7.1.7): what to tell the other side in a close frame.
package struct WebSocketError: Error, Hashable, Sendable {
    /// One that may be sent.
    package let code: CloseCode
    /// At most ``ClosePayload/largestReason`` bytes.
    package let reason: String

    private init(_ code: CloseCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// RFC 6455 §5.2, without an extension that uses them.
    package static let reservedBits = WebSocketError(.protocolError, "reserved bits are set")
    /// RFC 6455 §5.2.
    package static let reservedOpcode = WebSocketError(.protocolError, "reserved opcode")
    /// RFC 6455 §5.2.
    package static let lengthNotMinimal = WebSocketError(.protocolError, "length not in its shortest form")
    /// RFC 6455 §5.2.
    package static let lengthTooLarge = WebSocketError(.protocolError, "length has its highest bit set")
    /// RFC 6455 §5.1: clients mask.
    package static let unmasked = WebSocketError(.protocolError, "frame is not masked")
    /// RFC 6455 §5.1: servers do not mask.
    package static let masked = WebSocketError(.protocolError, "frame is masked")
    /// RFC 6455 §5.4.
    package static let nothingToContinue = WebSocketError(.protocolError, "continuation without a beginning")
    /// RFC 6455 §5.4.
    package static let messageNotFinished = WebSocketError(.protocolError, "new message inside of another")
    /// RFC 6455 §5.5.
    package static let controlFragmented = WebSocketError(.protocolError, "control frame is fragmented")
    /// RFC 6455 §5.5.
    package static let controlTooLong = WebSocketError(.protocolError, "control frame is over 125 bytes")
    /// RFC 6455 §5.5.1.
    package static let closePayloadOfOneByte = WebSocketError(.protocolError, "close frame has half a code")
    /// RFC 6455 §5.5.1.
    package static let invalidCloseReason = WebSocketError(.invalidData, "close reason is not UTF-8")
    /// RFC 6455 §8.1.
    package static let invalidText = WebSocketError(.invalidData, "text is not UTF-8")
    /// RFC 7692 §7.2.2.
    package static let invalidCompression = WebSocketError(.invalidData, "compressed data is corrupt")

    /// RFC 6455 §7.4: one that is reserved for local use or not defined.
    package static func closeCode(_ code: CloseCode) -> WebSocketError {
        WebSocketError(.protocolError, "close code \(code) must not be sent")
    }

    /// A frame, or what a compressed message expands to, is over its limit of `limit` bytes.
    package static func tooBig(_ what: StaticString, limit: Int) -> WebSocketError {
        WebSocketError(.messageTooBig, "\(what) is over \(limit) bytes")
    }

    /// Text that is not in the Stream-Safe Text Format (Unicode UAX #15).
    package static let combiningMarks = WebSocketError(
        .policyViolation, "text has more than 30 combining marks in a row")

    /// The unfinished messages of all sockets together take too much memory.
    package static let tooManyUnfinished = WebSocketError(.tryAgainLater, "too many unfinished messages")

    /// Our own memory or code failed, not the other side.
    package static let outOfMemory = WebSocketError(.internalError, "out of memory")
}
