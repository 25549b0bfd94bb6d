internal import CZlib
package import StraitCore

/// An incremental compressor for a gzip file (RFC 1952).
package struct GzipEncoder: ~Copyable {
    private var deflater: Deflater
    private var checksum: UInt = 0
    private var count: UInt32 = 0
    private var isBegun = false
    private let nameLength: Int

    /// Creates an encoder for one file.
    ///
    /// - Parameters:
    ///   - level: zlib's compression level, from 1 to 9.
    ///   - nameLength: The length of the file name in the gzip header, or 0 for no name. A random length hides the
    ///     exact compressed size. Without it, an attacker whose text is part of a page can infer the page's secrets
    ///     from that size.
    package init(level: Int = 6, nameLength: Int = 0) throws(CompressionError) {
        deflater = try Deflater(level: level)
        self.nameLength = nameLength
    }

    /// Compresses `input` and appends it to `output`. The client can decompress it without waiting for more data.
    package mutating func compress(_ input: Span<UInt8>, into output: inout ByteBuffer) {
        begin(&output)
        guard !input.isEmpty else { return }
        // SAFETY: zlib reads within the count, during the call.
        checksum = unsafe input.withUnsafeBufferPointer { source in
            unsafe crc32(checksum, source.baseAddress, UInt32(source.count))
        }
        count &+= UInt32(truncatingIfNeeded: input.count)
        deflater.compress(input, into: &output)
    }

    /// Appends the end of the file to `output`. Don't call ``compress(_:into:)`` after this.
    package mutating func finish(into output: inout ByteBuffer) {
        begin(&output)
        // The final block: empty, with fixed Huffman codes.
        output.append([0x03, 0x00].span)
        for shift in [0, 8, 16, 24] { output.append(UInt8(truncatingIfNeeded: checksum >> UInt(shift))) }
        for shift in [0, 8, 16, 24] { output.append(UInt8(truncatingIfNeeded: count >> UInt32(shift))) }
    }

    private mutating func begin(_ output: inout ByteBuffer) {
        guard !isBegun else { return }
        isBegun = true
        // No time, no extra flags and an unknown system, so that equal input gives an equal file.
        let flags: UInt8 = nameLength > 0 ? 8 : 0
        output.append([0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255].span)
        if nameLength > 0 { output.append(([UInt8](repeating: 0x61, count: nameLength) + [0]).span) }
    }
}
