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
