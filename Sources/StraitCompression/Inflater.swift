internal import CZlib
package import StraitNetwork

/// Expands raw deflate (RFC 1951) that comes in flushed pieces.
///
/// What earlier calls expanded serves as dictionary until ``reset()``. At the default window an inflater holds 40 KiB.
@safe package struct Inflater: ~Copyable {
    // On the heap because zlib keeps the stream's address. Safe: made by `init`, freed by `deinit`, never handed out.
    private let stream: UnsafeMutablePointer<z_stream>

    /// `windowBits` is the base-two logarithm of the window that the bytes were compressed with, or more. 8 becomes 9,
    /// which reads everything that was written for 8.
    ///
    /// - Precondition: `windowBits` is in 8...15.
    package init(windowBits: Int = 15) throws(CompressionError) {
        precondition((8...15).contains(windowBits), "No such window.")
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

    /// Appends to `output` what `input` expands to: a whole piece from which its last four bytes, 00 00 FF FF, were cut
    /// (RFC 7692 §7.2.2). Stops as soon as that is more than `limit` bytes and makes no room for more, so a small
    /// input cannot cost more than the caller allows.
    ///
    /// After an error only ``reset()`` is of use.
    package mutating func expand(
        _ input: Span<UInt8>, into output: inout ByteBuffer, limit: Int
    ) throws(CompressionError) {
        var left = limit
        try run(input, flush: Z_SYNC_FLUSH, into: &output, left: &left)
        let tail: [4 of UInt8] = [0x00, 0x00, 0xFF, 0xFF]
        // Stopping at block ends shows whether the piece was whole: a cut one swallows the tail as data.
        try run(tail.span, flush: Z_BLOCK, into: &output, left: &left)
        guard unsafe stream.pointee.data_type & 128 != 0 else { throw .corrupt }
    }

    /// Forgets what was expanded: the next piece is one that can be read on its own.
    package mutating func reset() {
        unsafe inflateReset(stream)
    }

    private mutating func run(
        _ input: Span<UInt8>, flush: Int32, into output: inout ByteBuffer, left: inout Int
    ) throws(CompressionError) {
        // zlib counts in 32 bits.
        guard input.count <= Int(UInt32.max) else { throw .tooLarge }
        // Sound: zlib reads and writes within the counts that are set right before each call, while both are borrowed.
        var outcome = Outcome.more
        unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            var room = min(max(256, source.count &* 3), 1 << 30)
            while outcome == .more {
                // One byte past the limit, because "full" does not yet tell "too much".
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

    /// One call of zlib, whose counts were set.
    private mutating func step(_ flush: Int32) -> Outcome {
        let result = unsafe inflate(stream, flush)
        let isStarved = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
        switch result {
        case Z_STREAM_END:
            // A sender may end its stream inside of a message (RFC 7692 §7.2.3.5). A new one begins, whose
            // back-references may still reach behind the end, so the window has to stay.
            unsafe inflateResetKeep(stream)
            return unsafe stream.pointee.avail_in == 0 ? .done : .more
        case Z_OK: return isStarved ? .done : .more
        // No progress: everything was read and written before.
        case Z_BUF_ERROR: return isStarved ? .done : .more
        case Z_MEM_ERROR: return .failed(.outOfMemory)
        default: return .failed(.corrupt)
        }
    }
}
