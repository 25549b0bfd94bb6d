import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Sent frames` {
    @Test func `the RFC's examples are encoded (RFC 6455 §5.7)`() {
        var buffer = ByteBuffer()
        var encoder = FrameEncoder()
        encoder.append(.text("Hello"), to: &buffer)
        #expect(buffer.take() == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        encoder.append(.text("Hello"), to: &buffer, key: MaskingKey(0x3D21_FA37))
        #expect(buffer.take() == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        FrameEncoder.append(.text, Bytes("Hel"), isFinal: false, to: &buffer)
        FrameEncoder.append(.continuation, Bytes("lo"), to: &buffer)
        #expect(buffer.take() == [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F])
        FrameEncoder.append(.ping(Bytes("Hello")), to: &buffer)
        #expect(buffer.take() == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    }

    @Test(
        arguments: [
            (0, [0x82, 0x00]), (125, [0x82, 0x7D]), (126, [0x82, 0x7E, 0x00, 0x7E]), (65535, [0x82, 0x7E, 0xFF, 0xFF]),
            (65536, [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]), (1 << 40, [0x82, 0x7F, 0, 0, 1, 0, 0, 0, 0, 0]),
        ] as [(Int, [UInt8])])
    func `a length is encoded in the fewest bytes (RFC 6455 §5.2)`(length: Int, bytes: [UInt8]) {
        let header = FrameHeader(.binary, length: length)
        let written = Bytes(header.span)
        #expect(Array(written) == bytes)
        #expect(header.count == bytes.count)
    }

    @Test(arguments: [0, 1, 5, 64, 125, 126, 1024, 1025, 65535, 65536, 200_000])
    func `the peer decodes messages of any length, in both directions`(length: Int) {
        let payload = Bytes((0..<length).map { UInt8(truncatingIfNeeded: $0 % 127) })
        let messages = [Message(text: payload), .binary(payload)].compactMap { $0 }
        for message in messages {
            var encoder = FrameEncoder()
            var buffer = ByteBuffer()
            encoder.append(message, to: &buffer)
            encoder.append(message, to: &buffer)
            #expect(Wire.read(Array(buffer.take()), role: .client).events == [.message(message), .message(message)])
            encoder.append(message, to: &buffer, key: MaskingKey(0x1234_5678))
            encoder.append(message, to: &buffer, key: MaskingKey.none)
            #expect(Wire.read(Array(buffer.take())).events == [.message(message), .message(message)])
        }
    }

    @Test func `a shared frame and a separate header and payload have the same bytes as a connection's own frame`() {
        for message in [Message.text("to all"), .binary(Bytes([UInt8](repeating: 5, count: 70_000)))] {
            var encoder = FrameEncoder()
            var buffer = ByteBuffer()
            encoder.append(message, to: &buffer)
            let own = buffer.take()
            #expect(FrameEncoder.shared(message) == own)
            let (header, payload) = encoder.encode(message)
            buffer.append(header.span)
            buffer.append(payload)
            #expect(buffer.take() == own)
            #expect(payload.storage === message.payload.storage)
        }
    }

    @Test func `a close frame has a code and a reason, or an empty payload (RFC 6455 §5.5.1)`() {
        var buffer = ByteBuffer()
        FrameEncoder.append(.close(ClosePayload(code: 4007, reason: "no")), to: &buffer)
        #expect(buffer.take() == [0x88, 0x04, 0x0F, 0xA7, 0x6E, 0x6F])
        FrameEncoder.append(.close(ClosePayload(code: .noCode, reason: "lost")), to: &buffer)
        #expect(buffer.take() == [0x88, 0x00])
    }

    @Test func `a reason that is too long is cut at a character boundary (RFC 6455 §5.5)`() {
        let close = ClosePayload(code: .normal, reason: String(repeating: "é", count: 100))
        #expect(close.reason == String(repeating: "é", count: 61))
        var buffer = ByteBuffer()
        FrameEncoder.append(.close(close), to: &buffer)
        #expect(buffer.count == 2 + 2 + 122)
    }
}
