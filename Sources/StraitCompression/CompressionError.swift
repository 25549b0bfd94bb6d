/// An error of compression or decompression.
package enum CompressionError: Error, Equatable {
    /// The bytes are not a complete stream in the expected format.
    case corrupt
    /// The output would exceed the caller's limit, or the input is 4 GiB or more.
    case tooLarge
    /// Out of memory for zlib's state: up to about 300 KiB for a ``Deflater`` and 40 KiB for an ``Inflater``.
    case outOfMemory
}
