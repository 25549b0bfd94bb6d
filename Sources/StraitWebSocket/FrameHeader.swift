package import StraitCore

/// The bytes before a frame's payload, at most 14 (RFC 6455 §5.2). They are separate from the payload, so that a large
/// payload is queued without a copy.
@usableFromInline package struct FrameHeader: Sendable {
    /// The maximum length in bytes: two, eight for a long payload length, and four for a masking key.
    package static let largest = 14

    private var storage: InlineArray<14, UInt8>
    /// The length in bytes, 2 to 14.
    package private(set) var count: Int

    /// Creates a header. `isCompressed` sets RSV1 (RFC 7692 §6). `key` is the masking key for the payload, nil for a
    /// server.
    package init(
        _ opcode: Opcode, length: Int, isFinal: Bool = true, isCompressed: Bool = false, key: MaskingKey? = nil
    ) {
        storage = InlineArray(repeating: 0)
        count = 2
        storage[0] = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue
        let mask: UInt8 = key == nil ? 0 : 0x80
        if length < 126 {
            storage[1] = mask | UInt8(length)
        } else if length < 65536 {
            storage[1] = mask | 126
            storage[2] = UInt8(truncatingIfNeeded: length >> 8)
            storage[3] = UInt8(truncatingIfNeeded: length)
            count = 4
        } else {
            storage[1] = mask | 127
            for place in 0..<8 { storage[2 + place] = UInt8(truncatingIfNeeded: length >> (56 - 8 * place)) }
            count = 10
        }
        if let key {
            for place in 0..<4 {
                storage[count + place] = UInt8(truncatingIfNeeded: key.value >> UInt32(8 * place))
            }
            count += 4
        }
    }

    /// Returns the header of a complete, unmasked, uncompressed message as a number, with the first byte lowest.
    ///
    /// `length` is at most 65535. For the many small messages, the header and the payload are written with one call.
    @inlinable
    package static func small(_ kind: Message.Kind, length: Int) -> (bytes: UInt64, count: Int) {
        let first: UInt64 = kind == .text ? 0x81 : 0x82
        if length < 126 { return (first | UInt64(length) &<< 8, 2) }
        return (first | 126 &<< 8 | UInt64(length &>> 8) &<< 16 | UInt64(length & 0xFF) &<< 24, 4)
    }

    /// The header's bytes.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(first: count) }
    }
}

/// The type of a frame (RFC 6455 §5.2). 3 to 7 and 11 to 15 are reserved.
@usableFromInline package enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Whether the frame is a control frame, which may appear between the fragments of a message (§5.5).
    @inlinable package var isControl: Bool { rawValue & 0x8 != 0 }

    /// Creates the opcode for the first frame of a message.
    @inlinable package init(_ kind: Message.Kind) {
        self = kind == .text ? .text : .binary
    }
}

/// An event from a ``FrameParser``.
package enum FrameEvent: Sendable, Hashable {
    /// A complete message.
    case message(Message)
    /// A ping, which must be answered by a pong with the same payload (RFC 6455 §5.5.2).
    case ping(Bytes)
    case pong(Bytes)
    /// A close frame. It is the last event: all bytes after it are ignored (§5.5.1).
    case close(ClosePayload)
}
