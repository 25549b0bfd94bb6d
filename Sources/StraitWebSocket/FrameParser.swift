package import StraitCore

/// An incremental parser for frames (RFC 6455 §5), which assembles messages. The input may arrive in pieces of any
/// size.
///
/// The parser uses no memory between messages. Within a message it stores only the bytes that have arrived, regardless
/// of the announced length.
package struct FrameParser: ~Copyable {
    private enum Stage {
        /// Between messages: the next byte starts a message or a control frame.
        case idle
        /// In a header, or between the frames of a message.
        case header
        case payload
        /// After a close frame or an error: all input is ignored.
        case ended
    }

    private let role: Role
    private let frameLimit: Int
    private let messageLimit: Int
    /// The length of the shortest header: two bytes, and four for a masking key.
    private let shortHeader: Int
    /// The largest payloads that are read in one step if they have arrived completely: `shortest` with one length byte,
    /// `small` with two more.
    private let shortest: Int
    private let small: Int
    private var stage = Stage.idle

    private var header = FrameHeaderReader()
    private var frame = FrameHeaderReader.Frame()
    /// The number of bytes of the frame's payload that have not arrived yet.
    private var missing = 0
    private var control = ByteBuffer()

    /// The kind of the unfinished message; nil between messages.
    private var kind: Message.Kind?
    private var isCompressed = false
    private var message = ByteBuffer()
    private var validator = UTF8Validator()
    private var inflater: MessageInflater?

    /// Creates a parser. `inflater` is nil unless permessage-deflate was negotiated (RFC 7692).
    package init(role: Role, limits: MessageLimits = MessageLimits(), inflater: consuming MessageInflater? = nil) {
        self.role = role
        frameLimit = limits.frame ?? .max
        messageLimit = limits.message
        self.inflater = inflater
        shortHeader = role == .server ? 6 : 2
        small = min(ByteArena.largest, frameLimit, messageLimit)
        shortest = min(125, small)
    }

    /// Whether a message has started and is not complete.
    package var isInsideMessage: Bool { kind != nil }

    /// Whether all input so far was complete frames.
    package var isBetweenFrames: Bool { stage != .payload && header.isEmpty }

    /// The memory of the unfinished message and control frame, in bytes.
    package var heldCapacity: Int { message.capacity + control.capacity }

    /// Returns the next event from `input` at `position`, and moves `position` after it. Returns nil when all of the
    /// input is read.
    ///
    /// Call this until it returns nil, then with the next input at position 0.
    ///
    /// - Throws: ``WebSocketError`` with the reason to fail the connection (§7.1.7). After an error, and after
    ///   ``FrameEvent/close(_:)``, all input is ignored.
    package mutating func next(
        _ input: Span<UInt8>, _ position: inout Int, arena: inout ByteArena
    ) throws(WebSocketError) -> FrameEvent? {
        let left = input.count &- position
        guard stage == .idle, left >= shortHeader else {
            if left == 0 { return nil }
            return try general(input, &position, arena: &arena)
        }
        // Nearly every frame is a complete, small message that arrived in one piece.
        let first = input[position]
        // The expected mask bit is flipped to zero. A wrong mask bit makes the length too large for this path.
        let length = Int(input[position &+ 1] ^ (role == .server ? 0x80 : 0x00))
        if first &- 0x81 <= 1 {
            if length <= shortest, left >= shortHeader &+ length {
                return try whole(first, length, input, &position, header: shortHeader, arena: &arena)
            }
            if length == 126 { return try medium(input, &position, arena: &arena) }
        }
        return try general(input, &position, arena: &arena)
    }

    /// Reads a message with a 16-bit length if it is small enough and complete. Otherwise reads any frame.
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

    /// Returns the message of one complete frame, after checking its text. The caller has checked everything else.
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

    /// Reads any frame, from pieces of any size.
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

    /// Stops parsing, and frees the memory of an unfinished message.
    package mutating func end() {
        stage = .ended
        kind = nil
        message.removeAll(keepingCapacity: false)
        control.removeAll(keepingCapacity: false)
        inflater = nil
    }

    /// Reads header bytes. Returns true if the header is complete; the stage is then `payload`.
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

    /// Checks that the frame is allowed here and is not too long.
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

    /// Returns the maximum number of bytes on the wire for a message of `limit` bytes.
    ///
    /// Compression may enlarge incompressible data by five bytes per stored block. The decompressed size is checked
    /// against the limit itself.
    private static func allowing(_ growth: Bool, _ limit: Int) -> Int {
        guard growth else { return limit }
        let (sum, overflow) = limit.addingReportingOverflow(limit >> 8 &+ 64)
        return overflow ? .max : sum
    }

    /// Reads payload bytes, and returns the event that the frame completes.
    ///
    /// If the result is nil, the stage `payload` means that more bytes are needed. Any other stage means that the frame
    /// was a fragment.
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
            // Text is checked before the message is complete, so that invalid text fails at its first invalid byte.
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

    /// Returns the payload of a message whose last byte has arrived.
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

extension FrameParser {
    /// Whether `bytes` contain a client's close frame. They must be unread and start with a frame. An incomplete last
    /// frame is ignored.
    package static func findsClose(in bytes: Span<UInt8>) -> Bool {
        var position = 0
        while bytes.count - position >= 2 {
            let isClose = bytes[position] & 0x0F == 0x08
            let size = bytes[position + 1] & 0x7F
            let lengthBytes = size == 126 ? 2 : size == 127 ? 8 : 0
            let header = 2 + lengthBytes + (bytes[position + 1] & 0x80 == 0 ? 0 : 4)
            guard bytes.count - position >= header else { return false }
            var length = lengthBytes == 0 ? Int(size) : 0
            for index in 0..<lengthBytes { length = length << 8 | Int(bytes[position + 2 + index]) }
            guard length >= 0, length <= bytes.count - position - header else { return false }
            if isClose { return true }
            position += header + length
        }
        return false
    }
}

/// Size limits for the peer's messages, in bytes. A larger message closes the connection with 1009, as soon as a frame
/// header announces it.
public struct MessageLimits: Sendable, Hashable {
    /// The maximum payload of one frame; nil for no separate limit. Browsers send each message in one frame, so a limit
    /// below ``message`` also limits their messages.
    public var frame: Int?
    /// The maximum size of a message, all frames together. Also the limit for the decompressed size.
    public var message: Int

    /// Creates limits. By default a message has at most 1 MiB, and frames have no separate limit.
    ///
    /// - Precondition: No limit is negative.
    public init(frame: Int? = nil, message: Int = 1 << 20) {
        precondition((frame ?? 0) >= 0 && message >= 0, "A message limit must not be negative.")
        self.frame = frame
        self.message = message
    }
}
