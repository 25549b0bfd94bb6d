internal import CZlib
package import StraitCore

/// A raw deflate compressor (RFC 1951) that flushes after each call.
///
/// Input of earlier calls is the dictionary for later ones until ``reset()``. With the default window and memory level,
/// a deflater uses 268 KiB.
@safe package struct Deflater: ~Copyable {
    /// The valid base-two logarithms of the window size. zlib does not support raw deflate with 8.
    package static let windowBits = 9...15

    // Heap-allocated because zlib keeps the stream's address.
    // SAFETY: `init` allocates it, `deinit` frees it, and it never escapes.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Creates a compressor.
    ///
    /// - Parameters:
    ///   - windowBits: The base-two logarithm of the window size, one of ``windowBits``.
    ///   - level: zlib's compression level, from 1 (fastest) to 9 (smallest output).
    ///   - memoryLevel: zlib's memory level, from 1 (slowest, least memory) to 9 (most memory).
    /// - Precondition: All parameters are in range.
    package init(windowBits: Int = 15, level: Int = 6, memoryLevel: Int = 8) throws(CompressionError) {
        precondition(Self.windowBits.contains(windowBits), "Invalid windowBits \(windowBits): expected 9 to 15.")
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let result = unsafe strait_deflate_init(stream, Int32(level), -Int32(windowBits), Int32(memoryLevel))
        precondition(result != Z_STREAM_ERROR, "Invalid level \(level) or memoryLevel \(memoryLevel): expected 1 to 9.")
        guard result == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses `input` and appends it to `output`, flushed to a byte boundary. The output ends with the empty block
    /// 00 00 FF FF.
    package mutating func compress(_ input: Span<UInt8>, into output: inout ByteBuffer) {
        // SAFETY: zlib reads and writes within the counts that are set right before each call, while both buffers are
        // borrowed.
        unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            var room = source.count / 2 + 64
            var isFull = true
            while isFull {
                unsafe output.append(upTo: room) { target in
                    unsafe stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    unsafe stream.pointee.avail_out = UInt32(target.count)
                    unsafe deflate(stream, Z_SYNC_FLUSH)
                    isFull = unsafe stream.pointee.avail_out == 0
                    return unsafe target.count - Int(stream.pointee.avail_out)
                }
                room *= 2
            }
            unsafe stream.pointee.next_in = nil
        }
    }

    /// Clears the dictionary, so that the next output can be decompressed without the earlier output.
    package mutating func reset() {
        unsafe deflateReset(stream)
    }
}
