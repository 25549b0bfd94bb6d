package import StraitCore

/// An encoder for frames (RFC 6455 §5).
///
/// A client passes a new `key` for each frame, to mask the payload (§5.3). A server passes none.
package struct FrameEncoder: ~Copyable {
    private var deflater: MessageDeflater?

    /// Creates an encoder. `deflater` is nil unless permessage-deflate was negotiated (RFC 7692).
    package init(deflater: consuming MessageDeflater? = nil) {
        self.deflater = deflater
    }

    /// Appends a message as one frame. The frame is compressed if this was negotiated and makes the message smaller.
    package mutating func append(_ message: Message, to buffer: inout ByteBuffer, key: MaskingKey? = nil) {
        if let packed = deflater?.compress(message.payload.span) {
            Self.append(Opcode(message.kind), packed, isCompressed: true, to: &buffer, key: key)
        } else {
            Self.append(Opcode(message.kind), message.payload, to: &buffer, key: key)
        }
    }

    /// Returns a message as the header and the payload of one unmasked frame. The caller can queue the payload without
    /// copying it.
    package mutating func encode(_ message: Message) -> (header: FrameHeader, payload: Bytes) {
        let packed = deflater?.compress(message.payload.span)
        let payload = packed ?? message.payload
        return (
            FrameHeader(Opcode(message.kind), length: payload.count, isCompressed: packed != nil), payload
        )
    }

    /// Clears the compression context. Call it after sending a frame from ``shared(_:codecs:windowBits:)`` on this
    /// connection.
    package mutating func sharedCompressedFrameWasSent() {
        deflater?.forget()
    }

    /// The `windowBits` that ``shared(_:codecs:windowBits:)`` must use for this connection; nil if no compression was
    /// negotiated.
    package var sharedWindowBits: Int? {
        switch deflater {
        case .some(let deflater): deflater.windowBits
        case .none: nil
        }
    }

    /// Appends a frame with the given opcode and payload.
    package static func append(
        _ opcode: Opcode, _ payload: Bytes, isFinal: Bool = true, isCompressed: Bool = false,
        to buffer: inout ByteBuffer, key: MaskingKey? = nil
    ) {
        if key == nil, payload.count < 126 {
            // Nearly every frame has a header of two bytes.
            let first = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue
            buffer.append(UInt64(first) | UInt64(payload.count) &<< 8, count: 2, payload.span)
            return
        }
        let header = FrameHeader(
            opcode, length: payload.count, isFinal: isFinal, isCompressed: isCompressed, key: key)
        buffer.reserve(header.count + payload.count)
        buffer.append(header.span)
        if let key {
            _ = buffer.append(payload.span, masked: key)
        } else {
            buffer.append(payload.span)
        }
    }

    /// Appends a control frame.
    ///
    /// - Precondition: The payload of a ping or pong is at most 125 bytes (§5.5).
    package static func append(
        _ control: ControlFrame, to buffer: inout ByteBuffer, key: MaskingKey? = nil
    ) {
        switch control {
        case .ping(let payload):
            precondition(payload.count <= 125, "A control frame holds at most 125 bytes.")
            append(.ping, payload, to: &buffer, key: key)
        case .pong(let payload):
            precondition(payload.count <= 125, "A control frame holds at most 125 bytes.")
            append(.pong, payload, to: &buffer, key: key)
        case .close(let close):
            var payload = ByteBuffer(capacity: 125)
            close.write(to: &payload)
            append(.close, payload.take(), to: &buffer, key: key)
        }
    }

    /// Returns an uncompressed frame that many connections can send.
    package static func shared(_ message: Message) -> Bytes {
        let header = FrameHeader(Opcode(message.kind), length: message.payload.count)
        var buffer = ByteBuffer(capacity: header.count + message.payload.count)
        buffer.append(header.span)
        buffer.append(message.payload)
        return buffer.take()
    }

    /// Returns a compressed frame for all connections with `windowBits`; nil if compression does not make the message
    /// smaller.
    ///
    /// Call ``sharedCompressedFrameWasSent()`` on the encoder of each connection that sends it.
    package static func shared(_ message: Message, codecs: DeflateCodecs, windowBits: Int) -> Bytes? {
        var packed = ByteBuffer()
        guard codecs.compress(message.payload.span, into: &packed, windowBits: windowBits),
            packed.count < message.payload.count
        else { return nil }
        let header = FrameHeader(Opcode(message.kind), length: packed.count, isCompressed: true)
        var buffer = ByteBuffer(capacity: header.count + packed.count)
        buffer.append(header.span)
        buffer.append(packed.span)
        return buffer.take()
    }
}

/// A frame about the connection, which is not part of a message (RFC 6455 §5.5).
package enum ControlFrame: Hashable, Sendable {
    case ping(Bytes)
    case pong(Bytes)
    case close(ClosePayload)
}
