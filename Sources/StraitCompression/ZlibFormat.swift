internal import CZlib
package import StraitCore

/// Compression of whole values in the zlib format (RFC 1950): deflate with a header and a checksum.
package enum ZlibFormat {
    /// Returns `input` compressed with zlib's default level, 6.
    ///
    /// - Throws: ``CompressionError/outOfMemory``; ``CompressionError/tooLarge`` if `input` is 4 GiB or more.
    package static func compress(_ input: Span<UInt8>) throws(CompressionError) -> Bytes {
        guard input.count <= Int(UInt32.max) else { throw .tooLarge }
        var output = ByteBuffer()
        var isDone = false
        var stream = unsafe z_stream()
        // SAFETY: The stream keeps its address until `deflateEnd`, which runs before this returns. zlib reads and
        // writes within the counts that are set right before each call.
        unsafe withUnsafeMutablePointer(to: &stream) { stream in
            guard unsafe strait_deflate_init(stream, Z_DEFAULT_COMPRESSION, 15, 8) == Z_OK else { return }
            defer { unsafe deflateEnd(stream) }
            unsafe input.withUnsafeBufferPointer { source in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(source.count)
                var result = Z_OK
                while result == Z_OK {
                    unsafe output.append(upTo: input.count / 2 + 64) { target in
                        unsafe stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
                        let room = unsafe stream.pointee.avail_out
                        result = unsafe deflate(stream, Z_FINISH)
                        return unsafe Int(room - stream.pointee.avail_out)
                    }
                }
                isDone = result == Z_STREAM_END
            }
        }
        guard isDone else { throw .outOfMemory }
        return output.freeze()
    }

    /// Returns `input` decompressed.
    ///
    /// - Parameter limit: The maximum number of bytes to return.
    /// - Throws: ``CompressionError/corrupt`` if `input` is not a whole zlib stream, or has bytes after it;
    ///   ``CompressionError/tooLarge`` if the output exceeds `limit` bytes; ``CompressionError/outOfMemory``.
    package static func expand(_ input: Span<UInt8>, limit: Int) throws(CompressionError) -> Bytes {
        guard input.count <= Int(UInt32.max) else { throw .tooLarge }
        var output = ByteBuffer()
        var result = Z_MEM_ERROR
        var rest: UInt32 = 0
        var stream = unsafe z_stream()
        // SAFETY: The same as in `compress`.
        unsafe withUnsafeMutablePointer(to: &stream) { stream in
            guard unsafe strait_inflate_init(stream, 15) == Z_OK else { return }
            defer { unsafe inflateEnd(stream) }
            unsafe input.withUnsafeBufferPointer { source in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(source.count)
                result = Z_OK
                while result == Z_OK, output.count <= limit {
                    // One byte past the limit shows that there is more output.
                    unsafe output.append(upTo: min(limit - output.count + 1, 64 << 10)) { target in
                        unsafe stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
                        let room = unsafe stream.pointee.avail_out
                        result = unsafe inflate(stream, Z_NO_FLUSH)
                        return unsafe Int(room - stream.pointee.avail_out)
                    }
                }
                rest = unsafe stream.pointee.avail_in
            }
        }
        if result == Z_MEM_ERROR { throw .outOfMemory }
        if output.count > limit { throw .tooLarge }
        guard result == Z_STREAM_END, rest == 0 else { throw .corrupt }
        return output.freeze()
    }
}
