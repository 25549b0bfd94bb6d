package import StraitNetwork

/// The bytes before a frame's payload, at most 14 (RFC 6455 §5.2). They are separate from the payload, so that a large
/// payload is queued without a copy.
@usableFromInline package struct FrameHeader: Sendable {
    /// The maximum length in bytes: two, eight for a long payload length, and four for a masking key.
    package static let largest = 14

    private var storage: InlineArray<14, UInt8>
    /// The length in bytes, 2 to 14.
    package private(set) var count: Int

    /// Creates a header. `isCompressed` sets RSV1 (RFC 7692 §6). `key` is the masking key for the payload, nil for a
    /// server.
    package init(
        _ opcode: Opcode, length: Int, isFinal: Bool = true, isCompressed: Bool = false, key: MaskingKey? = nil
    ) {
        storage = InlineArray(repeating: 0)
        count = 2
        storage[0] = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue
        let mask: UInt8 = key == nil ? 0 : 0x80
        if length < 126 {
            storage[1] = mask | UInt8(length)
        } else if length < 65536 {
            storage[1] = mask | 126
            storage[2] = UInt8(truncatingIfNeeded: length >> 8)
            storage[3] = UInt8(truncatingIfNeeded: length)
            count = 4
        } else {
            storage[1] = mask | 127
            for place in 0..<8 { storage[2 + place] = UInt8(truncatingIfNeeded: length >> (56 - 8 * place)) }
            count = 10
        }
        if let key {
            for place in 0..<4 {
                storage[count + place] = UInt8(truncatingIfNeeded: key.value >> UInt32(8 * place))
            }
            count += 4
        }
    }

    /// Returns the header of a complete, unmasked, uncompressed message as a number, with the first byte lowest.
    ///
    /// `length` is at most 65535. For the many small messages, the header and the payload are written with one call.
    @inlinable
    package static func small(_ kind: Message.Kind, length: Int) -> (bytes: UInt64, count: Int) {
        let first: UInt64 = kind == .text ? 0x81 : 0x82
        if length < 126 { return (first | UInt64(length) &<< 8, 2) }
        return (first | 126 &<< 8 | UInt64(length &>> 8) &<< 16 | UInt64(length & 0xFF) &<< 24, 4)
    }

    /// The header's bytes.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(first: count) }
    }
}
