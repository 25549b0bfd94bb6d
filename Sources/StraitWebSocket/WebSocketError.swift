/// An error that fails a WebSocket connection (RFC 6455 §7.1.7), with the contents of the close frame.
package struct WebSocketError: Error, Hashable, Sendable {
    /// The close frame's code, which is always sendable.
    package let code: CloseCode
    /// The close frame's reason, at most ``ClosePayload/largestReason`` bytes.
    package let reason: String

    private init(_ code: CloseCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// A reserved bit is set without an extension that defines it (RFC 6455 §5.2).
    package static let reservedBits = WebSocketError(.protocolError, "reserved bits are set")
    /// The opcode is reserved (RFC 6455 §5.2).
    package static let reservedOpcode = WebSocketError(.protocolError, "reserved opcode")
    /// The payload length is encoded in more bytes than necessary (RFC 6455 §5.2).
    package static let lengthNotMinimal = WebSocketError(.protocolError, "length not in its shortest form")
    /// The payload length has its highest bit set (RFC 6455 §5.2).
    package static let lengthTooLarge = WebSocketError(.protocolError, "length has its highest bit set")
    /// A client's frame is not masked (RFC 6455 §5.1).
    package static let unmasked = WebSocketError(.protocolError, "frame is not masked")
    /// A server's frame is masked (RFC 6455 §5.1).
    package static let masked = WebSocketError(.protocolError, "frame is masked")
    /// A continuation frame arrived outside a message (RFC 6455 §5.4).
    package static let nothingToContinue = WebSocketError(.protocolError, "continuation frame outside a message")
    /// A new message started before the end of another (RFC 6455 §5.4).
    package static let messageNotFinished = WebSocketError(.protocolError, "new message inside another message")
    /// A control frame is fragmented (RFC 6455 §5.5).
    package static let controlFragmented = WebSocketError(.protocolError, "control frame is fragmented")
    /// A control frame has more than 125 bytes (RFC 6455 §5.5).
    package static let controlTooLong = WebSocketError(.protocolError, "control frame is over 125 bytes")
    /// A close frame has a payload of one byte, but a code has two (RFC 6455 §5.5.1).
    package static let closePayloadOfOneByte = WebSocketError(.protocolError, "close frame has only one byte of a code")
    /// The reason in a close frame is not UTF-8 (RFC 6455 §5.5.1).
    package static let invalidCloseReason = WebSocketError(.invalidData, "close reason is not UTF-8")
    /// The text of a message is not UTF-8 (RFC 6455 §8.1).
    package static let invalidText = WebSocketError(.invalidData, "text is not UTF-8")
    /// The compressed data of a message is invalid (RFC 7692 §7.2.2).
    package static let invalidCompression = WebSocketError(.invalidData, "compressed data is corrupt")

    /// The code in a close frame is undefined or reserved for local use (RFC 6455 §7.4).
    package static func closeCode(_ code: CloseCode) -> WebSocketError {
        WebSocketError(.protocolError, "close code \(code) must not be sent")
    }

    /// A frame or a message, possibly after decompression, exceeds its limit of `limit` bytes.
    package static func tooBig(_ what: StaticString, limit: Int) -> WebSocketError {
        WebSocketError(.messageTooBig, "\(what) is over \(limit) bytes")
    }

    /// A text is not in the Stream-Safe Text Format (Unicode UAX #15).
    package static let combiningMarks = WebSocketError(
        .policyViolation, "text has more than 30 combining marks in a row")

    /// The unfinished messages of all sockets together use too much memory.
    package static let tooManyUnfinished = WebSocketError(.tryAgainLater, "too many unfinished messages")

    /// The server is out of memory; the peer did nothing wrong.
    package static let outOfMemory = WebSocketError(.internalError, "out of memory")
}
