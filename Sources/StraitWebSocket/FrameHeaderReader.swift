internal import StraitCore

/// An incremental reader for one frame header (RFC 6455 §5.2). It makes all checks that do not depend on earlier
/// frames.
struct FrameHeaderReader {
    /// The values in a header.
    struct Frame {
        var opcode = Opcode.continuation
        var isFinal = false
        /// Whether RSV1 is set (RFC 7692 §6).
        var isCompressed = false
        var length = 0
        /// The masking key, rotated to the next byte of the payload.
        var key = MaskingKey.none
    }

    private var bytes = InlineArray<14, UInt8>(repeating: 0)
    private var count = 0
    /// The length of the header in bytes, as far as known.
    private var needed = 2

    /// Whether no byte of a header has been read yet.
    var isEmpty: Bool { count == 0 }

    /// Reads bytes at `position`. Returns the header when it is complete, otherwise nil.
    ///
    /// - Throws: ``WebSocketError`` as soon as an invalid byte has been read.
    mutating func read(
        _ input: Span<UInt8>, _ position: inout Int, role: Role
    ) throws(WebSocketError) -> Frame? {
        while true {
            while count < needed {
                guard position < input.count else { return nil }
                bytes[count] = input[position]
                count += 1
                position += 1
            }
            guard count == 2 else { break }
            try checkStart(role)
            let extended = bytes[1] & 0x7F == 126 ? 2 : bytes[1] & 0x7F == 127 ? 8 : 0
            needed = 2 + extended + (role == .server ? 4 : 0)
            if needed == 2 { break }
        }
        let frame = try frame(role)
        count = 0
        needed = 2
        return frame
    }

    private func checkStart(_ role: Role) throws(WebSocketError) {
        if bytes[0] & 0x30 != 0 { throw .reservedBits }
        guard let opcode = Opcode(rawValue: bytes[0] & 0x0F) else { throw .reservedOpcode }
        if bytes[1] & 0x80 == 0 {
            if role == .server { throw .unmasked }
        } else {
            if role == .client { throw .masked }
        }
        if opcode.isControl {
            if bytes[0] & 0x80 == 0 { throw .controlFragmented }
            if bytes[1] & 0x7F > 125 { throw .controlTooLong }
        }
    }

    private func frame(_ role: Role) throws(WebSocketError) -> Frame {
        var frame = Frame()
        // `checkStart` has checked the opcode.
        frame.opcode = Opcode(rawValue: bytes[0] & 0x0F) ?? .continuation
        frame.isFinal = bytes[0] & 0x80 != 0
        frame.isCompressed = bytes[0] & 0x40 != 0
        var next = 2
        switch bytes[1] & 0x7F {
        case 126:
            frame.length = Int(bytes[2]) << 8 | Int(bytes[3])
            if frame.length < 126 { throw .lengthNotMinimal }
            next = 4
        case 127:
            if bytes[2] & 0x80 != 0 { throw .lengthTooLarge }
            for place in 2..<10 { frame.length = frame.length << 8 | Int(bytes[place]) }
            if frame.length < 65536 { throw .lengthNotMinimal }
            next = 10
        case let length: frame.length = Int(length)
        }
        if role == .server {
            var key: UInt32 = 0
            for place in 0..<4 { key |= UInt32(bytes[next + place]) << UInt32(8 * place) }
            frame.key = MaskingKey(key)
        }
        return frame
    }
}
