import StraitCompression
import StraitCore
import Testing

@Suite struct ZlibFormats {
    @Test(arguments: [0, 1, 100, 70_000, 1 << 20])
    func `compressed bytes expand to the original bytes`(count: Int) throws {
        let bytes = Bytes((0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) })
        let small = try ZlibFormat.compress(bytes.span)
        #expect(small.span[0] == 0x78 && small.span[1] == 0x9C)
        #expect(try ZlibFormat.expand(small.span, limit: count) == bytes)
        if count > 0 {
            #expect(throws: CompressionError.tooLarge) { try ZlibFormat.expand(small.span, limit: count - 1) }
        }
    }

    @Test func `an invalid zlib stream is rejected`() throws {
        let whole = Array(try ZlibFormat.compress(Array("tea and coffee and tea".utf8).span))
        var changed = whole
        changed[whole.count - 1] ^= 1
        for bytes in [[], [0x78], Array(whole.dropLast()), whole + [0], changed, [1, 2, 3, 4]] {
            #expect(throws: CompressionError.corrupt) { try ZlibFormat.expand(bytes.span, limit: 100) }
        }
    }
}
