/// Why bytes could not be compressed or expanded.
package enum CompressionError: Error, Equatable {
    /// The bytes are no deflate stream (RFC 1951), or end in its middle.
    case corrupt
    /// They expand to more than the caller allows.
    case tooLarge
    /// There is no memory for a codec: up to about 300 KiB for a ``Deflater``, 40 KiB for an ``Inflater``.
    case outOfMemory
}
