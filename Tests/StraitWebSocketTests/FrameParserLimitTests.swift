import StraitCore
import StraitWebSocket
import Testing

@Suite struct `Limits on received data` {
    @Test func `a message may have up to 1 MiB unless another limit is set`() {
        let limits = MessageLimits()
        #expect(limits.frame == nil && limits.message == 1_048_576)
        let largest = [UInt8](repeating: 0x61, count: 1_048_576)
        #expect(Wire.read(Wire.frame(2, largest)) == .init(events: [.binary(largest)]))
        #expect(Wire.read(Wire.frame(2, largest + [0])).error == .tooBig("message", limit: 1_048_576))
        let four = [UInt8](repeating: 0x61, count: 4 << 20)
        #expect(
            Wire.read(Wire.frame(2, four), limits: MessageLimits(message: 4 << 20)) == .init(events: [.binary(four)]))
    }

    @Test(
        arguments: [
            [0x82, 0xFE, 0x00, 0xC9, 0, 0, 0, 0],
            [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
            [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
        ] as [[UInt8]])
    func `an oversized frame is rejected with 1009 before its payload arrives (RFC 6455 §10.4)`(header: [UInt8]) {
        let limits = MessageLimits(frame: 200, message: 10_000)
        #expect(Wire.read(header, limits: limits) == .init(error: .tooBig("frame", limit: 200)))
    }

    @Test(arguments: [0, 5, 100, 125, 126, 300, 2000])
    func `a frame or message at its limit is accepted, and one byte more is rejected`(limit: Int) {
        let most = [UInt8](repeating: 1, count: limit)
        let frames = MessageLimits(frame: limit, message: 10_000)
        #expect(Wire.read(Wire.frame(2, most), limits: frames) == .init(events: [.binary(most)]))
        #expect(Wire.read(Wire.frame(2, most + [1]), limits: frames) == .init(error: .tooBig("frame", limit: limit)))
        let messages = MessageLimits(frame: 10_000, message: limit)
        #expect(Wire.read(Wire.frame(2, most), limits: messages) == .init(events: [.binary(most)]))
        let tooBig = WebSocketError.tooBig("message", limit: limit)
        #expect(Wire.read(Wire.frame(2, most + [1]), limits: messages) == .init(error: tooBig))
    }

    @Test func `only a compressed frame may be slightly longer than the limit`() {
        let deflate = DeflateParameters(
            serverNoContextTakeover: true, clientNoContextTakeover: true, serverWindowBits: nil, clientWindowBits: nil)
        let limits = MessageLimits(frame: 1000, message: 1000)
        let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let compressed = Wire.frame(1, hello, rsv: 4)
        let long = [UInt8](repeating: 1, count: 1001)
        let tooBig = WebSocketError.tooBig("frame", limit: 1000)
        #expect(
            Wire.read(compressed + Wire.frame(2, long), limits: limits, deflate: deflate)
                == .init(events: [.text("Hello")], error: tooBig))
        // The first fragment decides whether the message is compressed.
        #expect(
            Wire.read(Wire.frame(2, [1], fin: false) + Wire.frame(0, long), limits: limits, deflate: deflate)
                == .init(error: tooBig))
        let stored = [0x00, 0xE8, 0x03, 0x17, 0xFC] + [UInt8](repeating: 7, count: 1000) + [0x00]
        let parts = Wire.frame(2, [], fin: false, rsv: 4) + Wire.frame(0, stored)
        #expect(
            Wire.read(parts, limits: limits, deflate: deflate)
                == .init(events: [.binary([UInt8](repeating: 7, count: 1000))]))
    }

    @Test func `the largest possible limits work for compressed messages`() {
        let limits = MessageLimits(frame: .max, message: .max)
        let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        for fresh in [true, false] {
            let deflate = DeflateParameters(
                serverNoContextTakeover: fresh, clientNoContextTakeover: fresh, serverWindowBits: nil,
                clientWindowBits: nil)
            #expect(
                Wire.read(Wire.frame(1, hello, rsv: 4), limits: limits, deflate: deflate)
                    == .init(events: [.text("Hello")]))
        }
    }

    @Test func `a fragmented message is rejected at the frame header that exceeds its limit`() {
        let limits = MessageLimits(frame: 100, message: 250)
        let part = [UInt8](repeating: 1, count: 100)
        let two = Wire.frame(2, part, fin: false) + Wire.frame(0, part, fin: false)
        let fitting = two + Wire.frame(0, Array(part.prefix(50)))
        #expect(Wire.read(fitting, limits: limits) == .init(events: [.binary([UInt8](repeating: 1, count: 250))]))
        let header = Array(Wire.frame(0, Array(part.prefix(51))).prefix(6))
        #expect(Wire.read(two + header, limits: limits) == .init(error: .tooBig("message", limit: 250)))
    }

    @Test func `memory is allocated for received bytes, not for announced ones (RFC 6455 §10.4)`() {
        var parser = FrameParser(role: .server)
        var outcome = Wire.Outcome()
        let frame = Wire.frame(2, [UInt8](repeating: 7, count: 1_000_000))
        for (count, most) in [(14, 0), (20, 64), (1000, 2048), (100_000, 200_000)] {
            parser = FrameParser(role: .server)
            Wire.read(Array(frame.prefix(count)), with: &parser, into: &outcome)
            let held = parser.heldCapacity
            #expect(held <= most)
        }
        Wire.read(Array(frame.dropFirst(100_000)), with: &parser, into: &outcome)
        #expect(outcome.events.count == 1)
        let afterwards = parser.heldCapacity
        #expect(afterwards == 0)
    }

    @Test func `control frames do not count towards the limits`() {
        let limits = MessageLimits(frame: 3, message: 3)
        #expect(Wire.read(Wire.frame(9, [1, 2, 3, 4]), limits: limits) == .init(events: [.ping([1, 2, 3, 4])]))
    }

    @Test func `every error has a reason that fits in a close frame (RFC 6455 §5.5)`() {
        let errors: [WebSocketError] = [
            .reservedBits, .reservedOpcode, .lengthNotMinimal, .lengthTooLarge, .unmasked, .masked, .nothingToContinue,
            .messageNotFinished, .controlFragmented, .controlTooLong, .closePayloadOfOneByte, .invalidCloseReason,
            .invalidText, .invalidCompression, .closeCode(5000), .tooBig("message", limit: .max), .outOfMemory,
        ]
        for error in errors {
            #expect(!error.reason.isEmpty && error.reason.utf8.count <= ClosePayload.largestReason)
            #expect(error.code.isSendable)
        }
    }
}
