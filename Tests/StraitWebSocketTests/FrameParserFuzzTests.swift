import StraitCompression
import StraitCore
import StraitTesting
import StraitWebSocket
import Testing

/// Checks that any input gives events or one documented error, and that messages stay within the limits.
@Suite struct `Untrusted input` {
    private let limits = MessageLimits(frame: 4096, message: 8192)
    private let deflate = DeflateParameters(
        serverNoContextTakeover: true, clientNoContextTakeover: false, serverWindowBits: nil, clientWindowBits: 9)

    @Test(arguments: Seeds(300))
    func `random bytes give events or an error`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for role in [Role.server, .client] {
            let bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            expectSound(Wire.read(bytes, role: role, limits: limits, deflate: deflate), seed)
        }
    }

    @Test(arguments: Seeds(300))
    func `random frames give events or an error`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        let opcodes: [UInt8] = [0, 0, 1, 1, 2, 2, 8, 9, 10]
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let payload = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...(Bool.random(using: &random) ? 127 : 255), using: &random)
            }
            bytes += Wire.frame(
                opcodes.randomElement(using: &random) ?? 0, payload, fin: Int.random(in: 0..<3, using: &random) > 0,
                rsv: Int.random(in: 0..<4, using: &random) == 0 ? 4 : 0)
        }
        let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
        expectSound(Wire.read(bytes, cuts: cuts, limits: limits, deflate: deflate), seed)
    }

    @Test(arguments: Seeds(300))
    func `valid frames with flipped bits give events or an error`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var buffer = ByteBuffer()
        var encoder = FrameEncoder(
            deflater: deflate.deflater(.client, codecs: DeflateCodecs(), options: DeflateOptions(threshold: 1)))
        for length in [5, 100, 1000, 3000] {
            let payload = Bytes((0..<length).map { UInt8(truncatingIfNeeded: $0 / 3 & 0x7F) })
            encoder.append(try #require(Message(text: payload)), to: &buffer, key: MaskingKey(UInt32(length) &* 77))
        }
        var bytes = Array(buffer.take())
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        expectSound(Wire.read(bytes, limits: limits, deflate: deflate), seed)
    }

    private func expectSound(_ outcome: Wire.Outcome, _ seed: UInt64) {
        if let error = outcome.error {
            #expect([1002, 1007, 1009].contains(error.code.rawValue), "seed \(seed)")
        }
        for event in outcome.events {
            switch event {
            case .message(let message):
                #expect(message.payload.count <= limits.message, "seed \(seed)")
                let isValid = UTF8Validator.isValid(message.payload.span)
                #expect(message.kind == .binary || isValid, "seed \(seed)")
            case .ping(let payload), .pong(let payload): #expect(payload.count <= 125, "seed \(seed)")
            case .close: #expect(event == outcome.events.last, "seed \(seed)")
            }
        }
    }
}
