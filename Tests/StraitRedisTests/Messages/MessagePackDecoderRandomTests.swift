import StraitCore
import StraitLayers
import StraitRedis
import StraitTesting
import Testing

@Suite struct `Random msgpack` {
    @Test(arguments: Seeds(50))
    func `a random message decodes to the encoded message`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let message = randomMessage(depth: 2, using: &generator)
        let encoded = try MessagePackEncoder.encode(message)
        let decoded = try MessagePackDecoder.message(from: encoded)
        #expect(decoded == message, "seed \(seed)")
        // Equal strings may differ in bytes, and equal messages in order.
        #expect(try MessagePackEncoder.encode(decoded) == encoded, "seed \(seed)")
    }

    @Test(arguments: Seeds(50))
    func `truncated msgpack is rejected, and corrupt msgpack is decoded or rejected`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let whole = Array(try MessagePackEncoder.encode(randomMessage(depth: 1, using: &generator)))
        for _ in 0..<40 {
            let count = Int.random(in: 0..<whole.count, using: &generator)
            #expect(refusal(Bytes(whole[..<count])) != "", "seed \(seed), cut at \(count)")
            var changed = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<min(changed.count, 200), using: &generator)
                changed[index] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let value = try? MessagePackDecoder.value(from: Bytes(changed)) else { continue }
            let encoded = try MessagePackEncoder.encode(value)
            #expect(encoded.count <= changed.count * 9 / 5, "seed \(seed): only a 32-bit float may grow")
        }
    }

    @Test(arguments: Seeds(20))
    func `random bytes are either decoded or rejected`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...40, using: &generator)
            let bytes = Bytes((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
            guard let value = try? MessagePackDecoder.value(from: bytes) else { continue }
            let encoded = try MessagePackEncoder.encode(value)
            #expect(try MessagePackEncoder.encode(MessagePackDecoder.value(from: encoded)) == encoded, "seed \(seed)")
        }
    }

    @Test func `a map of 50,000 keys is decoded quickly`() throws {
        let count = 50_000
        var buffer = ByteBuffer()
        buffer.append(0xDF)
        for shift in [24, 16, 8, 0] { buffer.append(UInt8(truncatingIfNeeded: count >> shift)) }
        for number in 0..<count {
            let key = "\(1_000_000 + number)"
            buffer.append(0xA0 | UInt8(key.utf8.count))
            buffer.append(key)
            buffer.append(0x01)
        }
        #expect(try MessagePackDecoder.message(from: buffer.freeze()).count == count)
    }
}
