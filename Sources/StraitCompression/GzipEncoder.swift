internal import CZlib
package import StraitNetwork

/// Compresses into a gzip file (RFC 1952), piece by piece.
package struct GzipEncoder: ~Copyable {
    private var deflater: Deflater
    private var checksum: UInt = 0
    private var count: UInt32 = 0
    private var isBegun = false
    private let nameLength: Int

    /// - Parameters:
    ///   - level: zlib's, 1...9.
    ///   - nameLength: How long the name is that the file is given. A length that is chosen at random each time hides how
    ///     well a page's secrets compress together with what an attacker had put into it.
    package init(level: Int = 6, nameLength: Int = 0) throws(CompressionError) {
        deflater = try Deflater(level: level)
        self.nameLength = nameLength
    }

    /// Appends `input` compressed to `output`, so that it can be expanded without what follows.
    package mutating func compress(_ input: Span<UInt8>, into output: inout ByteBuffer) {
        begin(&output)
        guard !input.isEmpty else { return }
        // Sound: zlib reads within the count, during the call.
        checksum = unsafe input.withUnsafeBufferPointer { source in
            unsafe crc32(checksum, source.baseAddress, UInt32(source.count))
        }
        count &+= UInt32(truncatingIfNeeded: input.count)
        deflater.compress(input, into: &output)
    }

    /// Appends the file's end to `output`. Nothing may be compressed after it.
    package mutating func finish(into output: inout ByteBuffer) {
        begin(&output)
        // The last block: an empty one of fixed codes.
        output.append([0x03, 0x00].span)
        for shift in [0, 8, 16, 24] { output.append(UInt8(truncatingIfNeeded: checksum >> UInt(shift))) }
        for shift in [0, 8, 16, 24] { output.append(UInt8(truncatingIfNeeded: count >> UInt32(shift))) }
    }

    private mutating func begin(_ output: inout ByteBuffer) {
        guard !isBegun else { return }
        isBegun = true
        // No time, no extra flags, an unknown system: the same input gives the same file.
        let flags: UInt8 = nameLength > 0 ? 8 : 0
        output.append([0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255].span)
        if nameLength > 0 { output.append(([UInt8](repeating: 0x61, count: nameLength) + [0]).span) }
    }
}
