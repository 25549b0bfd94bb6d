internal import CZlib
package import StraitNetwork

/// Compresses into raw deflate (RFC 1951), one flushed piece a call.
///
/// What earlier calls compressed serves as dictionary until ``reset()``. At the default window and memory level a
/// deflater holds 268 KiB.
@safe package struct Deflater: ~Copyable {
    /// The base-two logarithms of the windows that can be compressed with. zlib cannot do raw deflate with 8.
    package static let windowBits = 9...15

    // On the heap because zlib keeps the stream's address. Safe: made by `init`, freed by `deinit`, never handed out.
    private let stream: UnsafeMutablePointer<z_stream>

    /// `level` is zlib's: 1 the fastest, 9 the smallest. `memoryLevel` too: 1 the slowest, 9 the most memory.
    ///
    /// - Precondition: `windowBits` is one of ``windowBits``.
    package init(windowBits: Int = 15, level: Int = 6, memoryLevel: Int = 8) throws(CompressionError) {
        precondition(Self.windowBits.contains(windowBits), "No such window.")
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let result = unsafe strait_deflate_init(stream, Int32(level), -Int32(windowBits), Int32(memoryLevel))
        precondition(result != Z_STREAM_ERROR, "No such level.")
        guard result == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends `input` compressed to `output`, flushed to a byte boundary: it ends in the empty block 00 00 FF FF.
    package mutating func compress(_ input: Span<UInt8>, into output: inout ByteBuffer) {
        // Sound: zlib reads and writes within the counts that are set right before each call, while both are borrowed.
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

    /// Forgets what was compressed: the next piece can be expanded on its own.
    package mutating func reset() {
        unsafe deflateReset(stream)
    }
}
