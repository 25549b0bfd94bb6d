internal import CZlib
package import StraitCore

/// A decompressor for raw deflate (RFC 1951) in flushed pieces.
///
/// Output of earlier calls is the dictionary for later ones until ``reset()``. With the default window, an inflater
/// uses 40 KiB.
@safe package struct Inflater: ~Copyable {
    // Heap-allocated because zlib keeps the stream's address.
    // SAFETY: `init` allocates it, `deinit` frees it, and it never escapes.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Creates a decompressor.
    ///
    /// - Parameter windowBits: The base-two logarithm of the sender's window size, or a larger value. 8 is raised to 9,
    ///   which also reads data that was compressed with 8.
    /// - Precondition: `windowBits` is in 8...15.
    package init(windowBits: Int = 15) throws(CompressionError) {
        precondition((8...15).contains(windowBits), "Invalid windowBits \(windowBits): expected 8 to 15.")
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe strait_inflate_init(stream, -Int32(max(9, windowBits))) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decompresses `input` and appends it to `output`.
    ///
    /// `input` is a whole piece without its last four bytes, 00 00 FF FF (RFC 7692 §7.2.2). Decompression stops after
    /// `limit` bytes of output and allocates no more memory, so a small input cannot exhaust it.
    ///
    /// After an error, only ``reset()`` may be called.
    ///
    /// - Throws: ``CompressionError/tooLarge`` if the output exceeds `limit` bytes; ``CompressionError/corrupt`` if
    ///   `input` is not a whole piece.
    package mutating func expand(
        _ input: Span<UInt8>, into output: inout ByteBuffer, limit: Int
    ) throws(CompressionError) {
        var left = limit
        try run(input, flush: Z_SYNC_FLUSH, into: &output, left: &left)
        let tail: [4 of UInt8] = [0x00, 0x00, 0xFF, 0xFF]
        // Stopping at the end of a block shows whether the piece was complete: an incomplete one consumes the tail as
        // data.
        try run(tail.span, flush: Z_BLOCK, into: &output, left: &left)
        guard unsafe stream.pointee.data_type & 128 != 0 else { throw .corrupt }
    }

    /// Clears the dictionary. The next piece must not refer to earlier ones.
    package mutating func reset() {
        unsafe inflateReset(stream)
    }

    private mutating func run(
        _ input: Span<UInt8>, flush: Int32, into output: inout ByteBuffer, left: inout Int
    ) throws(CompressionError) {
        // zlib counts in 32 bits.
        guard input.count <= Int(UInt32.max) else { throw .tooLarge }
        // SAFETY: zlib reads and writes within the counts that are set right before each call, while both buffers are
        // borrowed.
        var outcome = Outcome.more
        unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            var room = min(max(256, source.count &* 3), 1 << 30)
            while outcome == .more {
                // One byte more than the limit, because a full buffer alone does not mean that there is more output.
                let size = left < room ? left + 1 : room
                unsafe output.append(upTo: size) { target in
                    unsafe stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    unsafe stream.pointee.avail_out = UInt32(target.count)
                    outcome = step(flush)
                    let written = unsafe target.count - Int(stream.pointee.avail_out)
                    left -= written
                    if left < 0 { outcome = .failed(.tooLarge) }
                    return written
                }
                room = min(room &* 2, 1 << 20)
            }
            unsafe stream.pointee.next_in = nil
        }
        if case .failed(let error) = outcome { throw error }
    }

    private enum Outcome: Equatable {
        case more
        case done
        case failed(CompressionError)
    }

    /// Calls zlib once. The stream's counts must be set.
    private mutating func step(_ flush: Int32) -> Outcome {
        let result = unsafe inflate(stream, flush)
        let isStarved = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
        switch result {
        case Z_STREAM_END:
            // A sender may end its stream within a message (RFC 7692 §7.2.3.5). A new stream follows. Its
            // back-references may reach before the end of the old one, so the window is kept.
            unsafe inflateResetKeep(stream)
            return unsafe stream.pointee.avail_in == 0 ? .done : .more
        case Z_OK: return isStarved ? .done : .more
        // No progress was possible: all input was read and all output was written before.
        case Z_BUF_ERROR: return isStarved ? .done : .more
        case Z_MEM_ERROR: return .failed(.outOfMemory)
        default: return .failed(.corrupt)
        }
    }
}

/// An error of compression or decompression.
package enum CompressionError: Error, Equatable {
    /// The bytes are not a complete stream in the expected format.
    case corrupt
    /// The output would exceed the caller's limit, or the input is 4 GiB or more.
    case tooLarge
    /// Out of memory for zlib's state: up to about 300 KiB for a ``Deflater`` and 40 KiB for an ``Inflater``.
    case outOfMemory
}
