import StraitCore
import StraitWebSocket

/// A builder of client frames that does not use the encoder under test.
enum Wire {
    /// Builds a frame, unmasked if `key` is nil. `lengthBytes` forces a longer form of the length: 2 or 8 bytes.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8] = [], fin: Bool = true, rsv: UInt8 = 0,
        key: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D], lengthBytes: Int? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = [(fin ? 0x80 : 0) | rsv << 4 | opcode]
        let mask: UInt8 = key == nil ? 0 : 0x80
        let form = lengthBytes ?? (payload.count < 126 ? 0 : payload.count < 65536 ? 2 : 8)
        switch form {
        case 0: bytes.append(mask | UInt8(payload.count))
        case 2: bytes.append(mask | 126)
        default: bytes.append(mask | 127)
        }
        for place in (0..<form).reversed() { bytes.append(UInt8(truncatingIfNeeded: payload.count >> (8 * place))) }
        guard let key else { return bytes + payload }
        bytes += key
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index % 4]) }
        return bytes
    }

    static func text(_ text: String, fin: Bool = true) -> [UInt8] { frame(1, Array(text.utf8), fin: fin) }

    static func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    /// The events that a parser reported, and the error that ended them.
    struct Outcome: Equatable {
        var events: [FrameEvent] = []
        var error: WebSocketError?
    }

    /// Parses `bytes`, split at `cuts`.
    static func read(
        _ bytes: [UInt8], cuts: [Int] = [], role: Role = .server, limits: MessageLimits = MessageLimits(),
        deflate: DeflateParameters? = nil
    ) -> Outcome {
        var parser = FrameParser(
            role: role, limits: limits, inflater: deflate?.inflater(role, codecs: DeflateCodecs()))
        var outcome = Outcome()
        let ends = cuts + [bytes.count]
        var start = 0
        for end in ends {
            read(Array(bytes[start..<end]), with: &parser, into: &outcome)
            start = end
        }
        return outcome
    }

    static func read(_ bytes: [UInt8], with parser: inout FrameParser, into outcome: inout Outcome) {
        var arena = ByteArena()
        var position = 0
        let input = bytes.span
        while true {
            do throws(WebSocketError) {
                guard let event = try parser.next(input, &position, arena: &arena) else { return }
                outcome.events.append(event)
            } catch {
                // A second error would have to be sent after the close frame, which is not allowed.
                precondition(outcome.error == nil, "The parser reported two errors.")
                outcome.error = error
            }
        }
    }
}

extension FrameEvent {
    static func text(_ text: String) -> FrameEvent { .message(.text(text)) }
    static func binary(_ bytes: [UInt8]) -> FrameEvent { .message(.binary(Bytes(bytes))) }
    static func close(_ code: CloseCode, _ reason: String = "") -> FrameEvent {
        .close(ClosePayload(code: code, reason: reason))
    }
}
