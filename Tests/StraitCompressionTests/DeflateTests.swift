import StraitCompression
import StraitCore
import Testing

@Suite struct `Raw deflate` {
    @Test(arguments: Deflater.windowBits)
    func `compressed messages expand to the original bytes, with context takeover`(windowBits: Int) throws {
        var deflater = try Deflater(windowBits: windowBits)
        var inflater = try Inflater(windowBits: windowBits)
        for round in 0..<4 {
            let plain = Bytes((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3 &+ round) })
            var packed = ByteBuffer()
            deflater.compress(plain.span, into: &packed)
            packed.removeLast(4)
            var expanded = ByteBuffer()
            try inflater.expand(packed.span, into: &expanded, limit: 5000)
            #expect(expanded.take() == plain)
        }
    }

    @Test func `a stream with window bits 8 is expanded (RFC 7692 §7.1.2.2)`() throws {
        var inflater = try Inflater(windowBits: 8)
        var expanded = ByteBuffer()
        let hello: Bytes = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        try inflater.expand(hello.span, into: &expanded, limit: 5)
        #expect(expanded.take() == Bytes("Hello"))
    }

    @Test func `a message after a reset is expanded without the messages before it`() throws {
        var deflater = try Deflater()
        var packed = ByteBuffer()
        for _ in 0..<2 {
            packed.removeAll()
            deflater.compress(Bytes("again and again").span, into: &packed)
            packed.removeLast(4)
            deflater.reset()
        }
        var inflater = try Inflater()
        var expanded = ByteBuffer()
        try inflater.expand(packed.span, into: &expanded, limit: 100)
        #expect(expanded.take() == Bytes("again and again"))
    }

    @Test(arguments: [0, 1, 999, 4096, 100_000])
    func `expansion stops at the limit and allocates at most about twice the limit`(limit: Int) throws {
        var deflater = try Deflater()
        var bomb = ByteBuffer()
        deflater.compress(Bytes([UInt8](repeating: 0, count: 4_000_000)).span, into: &bomb)
        bomb.removeLast(4)
        var inflater = try Inflater()
        var expanded = ByteBuffer()
        #expect(bomb.count < 5000)
        #expect(throws: CompressionError.tooLarge) {
            try inflater.expand(bomb.span, into: &expanded, limit: limit)
        }
        #expect(expanded.capacity <= max(512, 2 * (limit + 1)))
    }

    @Test func `a message of exactly the limit is expanded`() throws {
        var deflater = try Deflater()
        var packed = ByteBuffer()
        deflater.compress(Bytes([UInt8](repeating: 7, count: 4096)).span, into: &packed)
        packed.removeLast(4)
        var inflater = try Inflater()
        var expanded = ByteBuffer()
        try inflater.expand(packed.span, into: &expanded, limit: 4096)
        #expect(expanded.count == 4096)
    }

    @Test func `the limit can be Int.max`() throws {
        var inflater = try Inflater()
        var expanded = ByteBuffer()
        let hello: Bytes = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        try inflater.expand(hello.span, into: &expanded, limit: .max)
        #expect(expanded.take() == Bytes("Hello"))
    }

    @Test func `a message that ends in a final block is expanded (RFC 7692 §7.2.3.5)`() throws {
        var inflater = try Inflater()
        var expanded = ByteBuffer()
        let piece: Bytes = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
        try inflater.expand(piece.span, into: &expanded, limit: 100)
        try inflater.expand(piece.span, into: &expanded, limit: 100)
        #expect(expanded.take() == Bytes("HelloHello"))
    }

    @Test(arguments: [[0xFF], [0x07], [0xF2, 0x48, 0xCD], [0x00, 0x09, 0x00, 0xF6, 0xFF, 0x48]] as [[UInt8]])
    func `invalid and truncated messages are rejected`(bytes: [UInt8]) throws {
        var inflater = try Inflater()
        var expanded = ByteBuffer()
        #expect(throws: CompressionError.corrupt) {
            try inflater.expand(bytes.span, into: &expanded, limit: 100)
        }
    }
}
