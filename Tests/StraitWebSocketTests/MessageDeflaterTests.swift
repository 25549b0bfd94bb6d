import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Compressed messages` {
    private static let fresh = DeflateParameters(
        serverNoContextTakeover: true, clientNoContextTakeover: true, serverWindowBits: nil, clientWindowBits: nil)
    private static let keeping = DeflateParameters(
        serverNoContextTakeover: false, clientNoContextTakeover: false, serverWindowBits: nil, clientWindowBits: nil)
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    @Test func `the RFC's examples are decoded (RFC 7692 §7.2.3.1)`() {
        #expect(Wire.read(Wire.frame(1, Self.hello, rsv: 4), deflate: Self.fresh).events == [.text("Hello")])
        let fragments =
            Wire.frame(1, Array(Self.hello[..<3]), fin: false, rsv: 4) + Wire.frame(9)
            + Wire.frame(0, Array(Self.hello[3...]))
        #expect(Wire.read(fragments, deflate: Self.fresh).events == [.ping([]), .text("Hello")])
    }

    @Test func `a message may refer to the previous one if the context is kept (RFC 7692 §7.2.3.2)`() {
        let second: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        let bytes = Wire.frame(1, Self.hello, rsv: 4) + Wire.frame(1, second, rsv: 4)
        #expect(Wire.read(bytes, deflate: Self.keeping).events == [.text("Hello"), .text("Hello")])
        #expect(Wire.read(bytes, deflate: Self.fresh) == .init(events: [.text("Hello")], error: .invalidCompression))
    }

    @Test(
        arguments: [
            // An uncompressed block, §7.2.3.3; a final block, §7.2.3.4; two blocks, §7.2.3.5.
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]])
    func `other kinds of DEFLATE blocks are decoded (RFC 7692 §7.2.3)`(payload: [UInt8]) {
        let frame = Wire.frame(1, payload, rsv: 4)
        for deflate in [Self.fresh, Self.keeping] {
            #expect(Wire.read(frame + frame, deflate: deflate).events == [.text("Hello"), .text("Hello")])
        }
    }

    @Test func `the limits apply to the decompressed size even if the compressed size is larger`() {
        let stored: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]
        let frame = Wire.frame(1, stored, rsv: 4)
        let five = Wire.read(frame, limits: MessageLimits(frame: 5, message: 5), deflate: Self.fresh)
        #expect(five == .init(events: [.text("Hello")]))
        let four = Wire.read(frame, limits: MessageLimits(frame: 4, message: 4), deflate: Self.fresh)
        #expect(four == .init(events: [], error: .tooBig("message", limit: 4)))
    }

    @Test func `the payload of an empty message is one byte or empty (RFC 7692 §7.2.3.6)`() {
        let bytes =
            Wire.frame(1, [0], rsv: 4) + Wire.frame(2, rsv: 4) + Wire.frame(2, fin: false, rsv: 4)
            + Wire.frame(0)
        #expect(Wire.read(bytes, deflate: Self.fresh).events == [.text(""), .binary([]), .binary([])])
    }

    @Test func `uncompressed messages may come between compressed ones (RFC 7692 §6)`() {
        let bytes = Wire.text("plain") + Wire.frame(1, Self.hello, rsv: 4) + Wire.text("plain")
        #expect(Wire.read(bytes, deflate: Self.fresh).events == [.text("plain"), .text("Hello"), .text("plain")])
    }

    @Test func `only the first data frame of a message may have the compression bit (RFC 7692 §6.1)`() {
        let continued = Wire.frame(1, Self.hello, fin: false, rsv: 4) + Wire.frame(0, rsv: 4)
        #expect(Wire.read(continued, deflate: Self.fresh) == .init(error: .reservedBits))
        for opcode in [8, 9, 10] as [UInt8] {
            #expect(Wire.read(Wire.frame(opcode, rsv: 4), deflate: Self.fresh) == .init(error: .reservedBits))
        }
        for rsv in [1, 2, 3, 5, 6, 7] as [UInt8] {
            let frame = Wire.frame(1, Self.hello, rsv: rsv)
            #expect(Wire.read(frame, deflate: Self.fresh) == .init(error: .reservedBits))
        }
    }

    @Test(arguments: [[0xFF], [0x07, 0x00], [0xF2, 0x48]] as [[UInt8]])
    func `invalid compressed data is rejected with 1007 (RFC 7692 §7.2.2)`(payload: [UInt8]) {
        #expect(Wire.read(Wire.frame(2, payload, rsv: 4), deflate: Self.fresh) == .init(error: .invalidCompression))
    }

    @Test func `a text message is validated after decompression (RFC 6455 §8.1)`() {
        var packed = ByteBuffer()
        let bad: [UInt8] = [0x61, 0xFF]
        _ = DeflateCodecs().compress(bad.span, into: &packed, windowBits: 15)
        let payload = Array(packed.take())
        #expect(Wire.read(Wire.frame(1, payload, rsv: 4), deflate: Self.fresh) == .init(error: .invalidText))
        #expect(Wire.read(Wire.frame(2, payload, rsv: 4), deflate: Self.fresh) == .init(events: [.binary(bad)]))
    }

    @Test(arguments: [fresh, keeping])
    func `a message over the limit after decompression is rejected with 1009`(deflate: DeflateParameters) {
        let codecs = DeflateCodecs()
        var packed = ByteBuffer()
        let zeros = [UInt8](repeating: 0, count: 1_000_000)
        _ = codecs.compress(zeros.span, into: &packed, windowBits: 15)
        let frame = Wire.frame(2, Array(packed.take()), rsv: 4)
        let limits = MessageLimits(message: 999_999)
        #expect(frame.count < 2000)
        #expect(Wire.read(frame, limits: limits, deflate: deflate) == .init(error: .tooBig("message", limit: 999_999)))
        #expect(Wire.read(frame, deflate: deflate).events == [.binary(zeros)])
    }

    @Test(arguments: [true, false], [true, false])
    func `the peer decodes compressed messages, for all parameters (RFC 7692 §7.1)`(
        serverFresh: Bool, clientFresh: Bool
    ) {
        for serverBits in [nil, 9, 12, 15] as [Int?] {
            for clientBits in [nil, 9, 12, 15] as [Int?] {
                let agreed = DeflateParameters(
                    serverNoContextTakeover: serverFresh, clientNoContextTakeover: clientFresh,
                    serverWindowBits: serverBits, clientWindowBits: clientBits)
                for role in [Role.server, .client] { expectRoundTrip(agreed, from: role) }
            }
        }
    }

    private func expectRoundTrip(_ agreed: DeflateParameters, from role: Role) {
        let codecs = DeflateCodecs()
        var encoder = FrameEncoder(
            deflater: agreed.deflater(role, codecs: codecs, options: DeflateOptions(threshold: 16)))
        var random = SeededGenerator(seed: 7)
        let noise = Bytes((0..<700).map { _ in UInt8.random(in: 0...255, using: &random) })
        let messages: [Message] = [
            .text(""), .text("short"), .text(String(repeating: "a line of text, ", count: 2000)), .binary(noise),
            .text(String(repeating: "a line of text, ", count: 30)), .binary(noise),
            .text(String(repeating: "a line of text, ", count: 2)),
        ]
        var buffer = ByteBuffer()
        for message in messages { encoder.append(message, to: &buffer, key: role == .client ? MaskingKey(99) : nil) }
        let bytes = Array(buffer.take())
        let outcome = Wire.read(bytes, role: role == .server ? .client : .server, deflate: agreed)
        #expect(outcome == .init(events: messages.map { .message($0) }), "\(agreed.fieldValue)")
        #expect(bytes.count < 4000)
    }

    @Test func `small messages and incompressible messages are sent uncompressed`() {
        let codecs = DeflateCodecs()
        var encoder = FrameEncoder(deflater: Self.fresh.deflater(.server, codecs: codecs, options: DeflateOptions()))
        let small = encoder.encode(.text(String(repeating: "a", count: 1023)))
        #expect(small.payload.count == 1023 && small.header.span[0] == 0x81)
        let large = encoder.encode(.text(String(repeating: "a", count: 1024)))
        #expect(large.payload.count < 100 && large.header.span[0] == 0xC1)
        var random = SeededGenerator(seed: 1)
        let noise = Bytes((0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) })
        let kept = encoder.encode(.binary(noise))
        #expect(kept.payload == noise && kept.header.span[0] == 0x82)
    }

    @Test func `an invalid level or window stops the process with a message that has the valid range`()
        async throws
    {
        let level = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = DeflateOptions(level: 10)
        }
        let window = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = DeflateOptions(windowBits: 8)
        }
        let texts = [level, window].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
        #expect(texts[0].contains("Invalid `level` 10: expected 1 (fastest) to 9 (smallest)."))
        #expect(texts[1].contains("Invalid `windowBits` 8: expected 9 to 15."))
    }

    @Test func `a shared compressed frame is decoded between a connection's own frames`() throws {
        let codecs = DeflateCodecs()
        let agreed = Self.keeping
        var encoder = FrameEncoder(
            deflater: agreed.deflater(.server, codecs: codecs, options: DeflateOptions(threshold: 1)))
        let windowBits = encoder.sharedWindowBits
        #expect(windowBits == 15)
        let own = Message.text(String(repeating: "own words ", count: 20))
        let others = Message.text(String(repeating: "to everybody ", count: 20))
        var buffer = ByteBuffer()
        for _ in 0..<3 {
            encoder.append(own, to: &buffer)
            let shared = try #require(FrameEncoder.shared(others, codecs: codecs, windowBits: 15))
            buffer.append(shared)
            encoder.sharedCompressedFrameWasSent()
        }
        let outcome = Wire.read(Array(buffer.take()), role: .client, deflate: agreed)
        let pair: [FrameEvent] = [.message(own), .message(others)]
        #expect(outcome == .init(events: pair + pair + pair))
        #expect(FrameEncoder.shared(.text(""), codecs: codecs, windowBits: 15) == nil)
        let plain = FrameEncoder()
        let plainWindowBits = plain.sharedWindowBits
        #expect(plainWindowBits == nil)
    }
}
