import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Received frames` {
    @Test func `the RFC's masked example is decoded (RFC 6455 §5.7)`() {
        let bytes: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(Wire.read(bytes) == .init(events: [.text("Hello")]))
    }

    @Test func `a client decodes the RFC's unmasked examples (RFC 6455 §5.7)`() {
        let bytes: [UInt8] = [
            0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F,
            0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F,
            0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F,
        ]
        #expect(Wire.read(bytes, role: .client).events == [.text("Hello"), .text("Hello"), .ping(Bytes("Hello"))])
    }

    @Test(arguments: [0, 1, 2, 3, 4, 7, 8, 9, 124, 125, 126, 127, 128, 1023, 1024, 1025, 65535, 65536, 65537])
    func `text and binary messages of any length are decoded (RFC 6455 §5.2)`(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: 32 + $0 % 90) }
        let text = String(decoding: payload, as: UTF8.self)
        #expect(Wire.read(Wire.frame(1, payload)) == .init(events: [.text(text)]))
        #expect(Wire.read(Wire.frame(2, payload)) == .init(events: [.binary(payload)]))
        #expect(Wire.read(Wire.frame(2, payload, key: nil), role: .client) == .init(events: [.binary(payload)]))
    }

    @Test func `many frames in one read are all decoded in order`() {
        let texts = (0..<300).map { String(repeating: "x", count: $0) }
        #expect(Wire.read(texts.flatMap { Wire.text($0) }).events == texts.map { .text($0) })
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7] as [UInt8], [0, 1, 2, 8, 9, 10] as [UInt8])
    func `reserved bits without an extension fail the connection (RFC 6455 §5.2)`(rsv: UInt8, opcode: UInt8) {
        let outcome = Wire.read(Wire.text("before") + Wire.frame(opcode, [0x41], rsv: rsv) + Wire.text("after"))
        #expect(outcome == .init(events: [.text("before")], error: .reservedBits))
        #expect(outcome.error?.code == .protocolError)
    }

    @Test(arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    func `reserved opcodes fail the connection (RFC 6455 §5.2)`(opcode: UInt8) {
        #expect(Wire.read(Wire.frame(opcode)) == .init(error: .reservedOpcode))
        #expect(Wire.read(Wire.frame(opcode, [1, 2, 3], key: nil), role: .client) == .init(error: .reservedOpcode))
    }

    @Test(arguments: [(0, 2), (125, 2), (0, 8), (125, 8), (126, 8), (65535, 8)])
    func `a length in more bytes than needed is rejected with 1002 (RFC 6455 §5.2)`(length: Int, bytes: Int) {
        let frame = Wire.frame(2, [UInt8](repeating: 0, count: length), lengthBytes: bytes)
        #expect(Wire.read(frame) == .init(error: .lengthNotMinimal))
    }

    @Test func `a length with its highest bit set is rejected with 1002 (RFC 6455 §5.2)`() {
        let header: [UInt8] = [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        #expect(Wire.read(header) == .init(error: .lengthTooLarge))
    }

    @Test(arguments: [0, 1, 2, 8, 9, 10] as [UInt8])
    func `a server rejects unmasked frames, and a client rejects masked ones (RFC 6455 §5.1)`(opcode: UInt8) {
        #expect(Wire.read(Wire.frame(opcode, [65, 66], key: nil)) == .init(error: .unmasked))
        #expect(Wire.read(Wire.frame(opcode, key: nil)) == .init(error: .unmasked))
        #expect(Wire.read(Wire.frame(opcode, [65, 66]), role: .client) == .init(error: .masked))
        #expect(Wire.read(Wire.frame(opcode), role: .client) == .init(error: .masked))
    }

    @Test func `input after an error is ignored (RFC 6455 §7.1.7)`() {
        let outcome = Wire.read(Wire.frame(3) + Wire.text("a") + Wire.frame(3), cuts: [3, 8])
        #expect(outcome == .init(error: .reservedOpcode))
    }

    @Test func `a parser knows whether it is inside a message or a frame`() {
        var parser = FrameParser(role: .server)
        var outcome = Wire.Outcome()
        #expect(parser.isBetweenFrames && !parser.isInsideMessage)
        Wire.read(Wire.text("a", fin: false), with: &parser, into: &outcome)
        #expect(parser.isBetweenFrames && parser.isInsideMessage)
        Wire.read([0x80], with: &parser, into: &outcome)
        #expect(!parser.isBetweenFrames && parser.isInsideMessage)
        Wire.read([0x80, 0, 0, 0, 0], with: &parser, into: &outcome)
        #expect(parser.isBetweenFrames && !parser.isInsideMessage)
        #expect(outcome == .init(events: [.text("a")]))
    }
}
