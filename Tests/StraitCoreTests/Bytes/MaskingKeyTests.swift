import StraitCore
import Testing

@Suite struct `Masking` {
    private let key = MaskingKey(0x8D21_FA37)

    private func reference(_ bytes: [UInt8]) -> [UInt8] {
        bytes.enumerated().map { $1 ^ UInt8(truncatingIfNeeded: key.value >> UInt32(8 * ($0 % 4))) }
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) } }

    @Test(arguments: 0..<70)
    func `each byte is XORed with its byte of the key (RFC 6455 §5.3)`(count: Int) {
        let plain = bytes(count)
        var buffer = ByteBuffer()
        let next = buffer.append(plain.span, masked: key)
        #expect(Array(buffer.take()) == reference(plain))
        #expect(next == key.rotated(by: count))
    }

    @Test(arguments: 0..<70)
    func `masking works in place and detects bytes that are not ASCII`(count: Int) {
        var block = bytes(count)
        let seen: UInt64 = unsafe block.withUnsafeMutableBytes { raw in
            guard let start = raw.baseAddress else { return 0 }
            return unsafe key.apply(from: start, to: start, count: count)
        }
        #expect(block == reference(bytes(count)))
        #expect((seen & 0x8080_8080_8080_8080 == 0) == block.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: 1..<40)
    func `a single byte that is not ASCII is detected at any position`(count: Int) {
        for place in 0..<count {
            var plain = [UInt8](repeating: 0x61, count: count)
            var arena = ByteArena()
            let masked = reference(plain)
            #expect(arena.append(text: masked.span, masked: key) == Bytes(plain))
            plain[place] = 0xFF
            let bad = reference(plain)
            #expect(arena.append(text: bad.span, masked: key) == nil)
            #expect(arena.append(bad.span, masked: key) == Bytes(plain))
        }
    }

    @Test(arguments: 0..<12)
    func `a payload masked in two pieces equals one masked at once`(cut: Int) {
        let plain = bytes(12)
        var buffer = ByteBuffer()
        let rest = buffer.append(plain.span.extracting(first: cut), masked: key)
        _ = buffer.append(plain.span.extracting(droppingFirst: cut), masked: rest)
        #expect(Array(buffer.take()) == reference(plain))
    }

    @Test func `a key is loaded from bytes in wire order`() {
        let wire: [UInt8] = [0, 0x37, 0xFA, 0x21, 0x8D]
        let loaded = MaskingKey(loading: wire.span, at: 1)
        #expect(loaded == key)
    }

    @Test func `messages in one arena do not overwrite each other`() {
        var arena = ByteArena()
        let kept = (0..<200).map { count in
            arena.append(bytes(count).span, masked: .none)
        }
        for (count, message) in kept.enumerated() { #expect(Array(message) == bytes(count)) }
    }
}
