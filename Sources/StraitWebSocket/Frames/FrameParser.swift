package import StraitNetwork

/// Reads frames (RFC 6455 §5) and puts messages together, from bytes in pieces of any size.
///
/// Holds no memory between messages. Inside of one it holds what arrived, never what was merely announced.
package struct FrameParser: ~Copyable {
    private enum Stage {
        /// Between frames and outside of messages: the next byte begins a message or a control frame.
        case idle
        /// In a header, or between the frames of a message.
        case header
        case payload
        /// After a close frame or an error: nothing is read any more.
        case ended
    }

    private let role: Role
    private let frameLimit: Int
    private let messageLimit: Int
    /// What the shortest header has: two bytes, and four of a masking key.
    private let shortHeader: Int
    /// The largest payload that is read at once if it is all there: with one byte of length, and with two.
    private let shortest: Int
    private let small: Int
    private var stage = Stage.idle

    private var header = FrameHeaderReader()
    private var frame = FrameHeaderReader.Frame()
    /// How much of the frame's payload is still to come.
    private var missing = 0
    private var control = ByteBuffer()

    /// What the unfinished message is; nil outside of messages.
    private var kind: Message.Kind?
    private var isCompressed = false
    private var message = ByteBuffer()
    private var validator = UTF8Validator()
    private var inflater: MessageInflater?

    /// `inflater` is there where permessage-deflate was agreed on (RFC 7692).
    package init(role: Role, limits: MessageLimits = MessageLimits(), inflater: consuming MessageInflater? = nil) {
        self.role = role
        frameLimit = limits.frame ?? .max
        messageLimit = limits.message
        self.inflater = inflater
        shortHeader = role == .server ? 6 : 2
        small = min(ByteArena.largest, frameLimit, messageLimit)
        shortest = min(125, small)
    }

    /// Whether a message has begun and not ended.
    package var isInsideMessage: Bool { kind != nil }

    /// Whether everything that arrived was part of whole frames.
    package var isBetweenFrames: Bool { stage != .payload && header.isEmpty }

    /// How many bytes of memory the unfinished message and control frame take.
    package var heldCapacity: Int { message.capacity + control.capacity }

    /// The next event in `input` at `position`, which moves behind what was read; nil once all of it was read. Call it
    /// until it returns nil, and then with the next piece from position 0.
    ///
    /// - Throws: why the connection has to be failed (§7.1.7). After that, and after ``FrameEvent/close(_:)``, all that
    ///   arrives is skipped.
    package mutating func next(
        _ input: Span<UInt8>, _ position: inout Int, arena: inout ByteArena
    ) throws(WebSocketError) -> FrameEvent? {
        let left = input.count &- position
        guard stage == .idle, left >= shortHeader else {
            if left == 0 { return nil }
            return try general(input, &position, arena: &arena)
        }
        // Nearly every frame is a small, whole message that arrived in one piece.
        let first = input[position]
        // Without the mask bit of our role, what is left is a length only if the bit was right.
        let length = Int(input[position &+ 1] ^ (role == .server ? 0x80 : 0x00))
        if first &- 0x81 <= 1 {
            if length <= shortest, left >= shortHeader &+ length {
                return try whole(first, length, input, &position, header: shortHeader, arena: &arena)
            }
            if length == 126 { return try medium(input, &position, arena: &arena) }
        }
        return try general(input, &position, arena: &arena)
    }

    /// A message with two bytes of length, if it is small enough and all there; else any frame.
    @inline(never)
    private mutating func medium(
        _ input: Span<UInt8>, _ position: inout Int, arena: inout ByteArena
    ) throws(WebSocketError) -> FrameEvent? {
        let header = shortHeader &+ 2
        let left = input.count &- position
        if left >= header {
            let length = Int(input[position &+ 2]) << 8 | Int(input[position &+ 3])
            if length >= 126, length <= small, left >= header &+ length {
                return try whole(input[position], length, input, &position, header: header, arena: &arena)
            }
        }
        return try general(input, &position, arena: &arena)
    }

    /// The message in one frame, all of which is there and was found to be good but for its text.
    @inline(__always)
    private mutating func whole(
        _ first: UInt8, _ length: Int, _ input: Span<UInt8>, _ position: inout Int, header: Int, arena: inout ByteArena
    ) throws(WebSocketError) -> FrameEvent? {
        let start = position &+ header
        let key = role == .server ? MaskingKey(loading: input, at: start &- 4) : .none
        position = start &+ length
        let payload = input.extracting(start..<position)
        if first == 0x81 {
            guard let text = arena.append(text: payload, masked: key) else {
                stage = .ended
                throw .invalidText
            }
            guard StreamSafeText.isStreamSafe(text.span) else {
                stage = .ended
                throw .combiningMarks
            }
            return .message(Message(.text, validated: text))
        }
        return .message(Message(.binary, validated: arena.append(payload, masked: key)))
    }

    /// Any frame, in any pieces.
    @inline(never)
    private mutating func general(
        _ input: Span<UInt8>, _ position: inout Int, arena: inout ByteArena
    ) throws(WebSocketError) -> FrameEvent? {
        do throws(WebSocketError) {
            while true {
                switch stage {
                case .idle, .header:
                    guard try readHeader(input, &position) else { return nil }
                case .payload:
                    if let event = try readPayload(input, &position, arena: &arena) { return event }
                    if stage == .payload { return nil }
                case .ended:
                    position = input.count
                    return nil
                }
            }
        } catch {
            end()
            throw error
        }
    }

    /// Stops reading and frees the memory of an unfinished message.
    package mutating func end() {
        stage = .ended
        kind = nil
        message.removeAll(keepingCapacity: false)
        control.removeAll(keepingCapacity: false)
        inflater = nil
    }

    /// Whether the header is complete; then the stage is `payload`.
    private mutating func readHeader(_ input: Span<UInt8>, _ position: inout Int) throws(WebSocketError) -> Bool {
        stage = .header
        guard let read = try header.read(input, &position, role: role) else {
            if kind == nil && header.isEmpty { stage = .idle }
            return false
        }
        try check(read)
        frame = read
        missing = read.length
        stage = .payload
        guard !read.opcode.isControl else { return true }
        if read.opcode != .continuation {
            kind = read.opcode == .text ? .text : .binary
            isCompressed = read.isCompressed
            validator = UTF8Validator()
        }
        return true
    }

    /// Whether the frame may come here, and may be that long.
    private func check(_ frame: FrameHeaderReader.Frame) throws(WebSocketError) {
        switch frame.opcode {
        case .close, .ping, .pong:
            if frame.isCompressed { throw .reservedBits }
            return
        case .continuation:
            if frame.isCompressed { throw .reservedBits }
            if kind == nil { throw .nothingToContinue }
        case .text, .binary:
            if frame.isCompressed && inflater == nil { throw .reservedBits }
            if kind != nil { throw .messageNotFinished }
        }
        let growth = frame.opcode == .continuation ? isCompressed : frame.isCompressed
        if frame.length > Self.allowing(growth, frameLimit) { throw .tooBig("frame", limit: frameLimit) }
        if frame.length > Self.allowing(growth, messageLimit) - message.count {
            throw .tooBig("message", limit: messageLimit)
        }
    }

    /// What data of `limit` bytes may take on the wire: where it could not be compressed, compression makes it larger, by
    /// five bytes for each stored block. What it expands to is held to the limit itself.
    private static func allowing(_ growth: Bool, _ limit: Int) -> Int {
        guard growth else { return limit }
        let (sum, overflow) = limit.addingReportingOverflow(limit >> 8 &+ 64)
        return overflow ? .max : sum
    }

    /// The event that the frame completes. Nil with the stage `payload` needs more bytes; with another, the frame was a
    /// fragment.
    private mutating func readPayload(
        _ input: Span<UInt8>, _ position: inout Int, arena: inout ByteArena
    ) throws(WebSocketError) -> FrameEvent? {
        let count = min(missing, input.count - position)
        let piece = input.extracting(position..<position + count)
        if frame.opcode.isControl {
            position += count
            missing -= count
            _ = control.append(piece, masked: frame.key)
            frame.key = frame.key.rotated(by: count)
            return missing == 0 ? try finishControl() : nil
        }
        guard let kind else { preconditionFailure("A data frame is always part of a message.") }
        if frame.isFinal, count == frame.length, message.isEmpty, !isCompressed, count <= ByteArena.largest {
            position += count
            if kind == .binary {
                let payload = arena.append(piece, masked: frame.key)
                return finish(Message(.binary, validated: payload))
            }
            guard let text = arena.append(text: piece, masked: frame.key) else {
                throw .invalidText
            }
            guard StreamSafeText.isStreamSafe(text.span) else { throw .combiningMarks }
            return finish(Message(.text, validated: text))
        }
        position += count
        missing -= count
        frame.key = message.append(piece, masked: frame.key)
        if kind == .text, !isCompressed {
            // Before the message is complete: bad text is refused at its first bad byte.
            var validator = validator
            let isValid = validator.accept(message.span.extracting(last: count))
            self.validator = validator
            guard isValid else { throw .invalidText }
        }
        guard missing == 0 else { return nil }
        guard frame.isFinal else {
            stage = .header
            return nil
        }
        return finish(Message(kind, validated: try assemble(kind)))
    }

    private mutating func finish(_ message: Message) -> FrameEvent {
        kind = nil
        stage = .idle
        return .message(message)
    }

    /// The payload of the message whose last byte has arrived.
    private mutating func assemble(_ kind: Message.Kind) throws(WebSocketError) -> Bytes {
        guard isCompressed else {
            let whole = message.take()
            if kind == .text {
                guard validator.isComplete else { throw .invalidText }
                guard StreamSafeText.isStreamSafe(whole.span) else { throw .combiningMarks }
            }
            return whole
        }
        let packed = message.take()
        var plain = ByteBuffer()
        try inflater?.expand(packed.span, into: &plain, limit: messageLimit)
        if kind == .text {
            guard UTF8Validator.isValid(plain.span) else { throw .invalidText }
            guard StreamSafeText.isStreamSafe(plain.span) else { throw .combiningMarks }
        }
        return plain.take()
    }

    private mutating func finishControl() throws(WebSocketError) -> FrameEvent {
        stage = kind == nil ? .idle : .header
        let payload = control.take()
        switch frame.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default:
            let close = try ClosePayload(parsing: payload.span)
            end()
            return .close(close)
        }
    }
}
