/// The four bytes that a WebSocket client combines its payload with (RFC 6455 §5.3).
///
/// The first byte on the wire is the lowest byte of ``value``, whatever the machine's byte order.
package struct MaskingKey: Equatable, Sendable {
    package var value: UInt32

    @inlinable
    package init(_ value: UInt32) {
        self.value = value
    }

    /// The key whose first byte on the wire is the one at `offset`.
    ///
    /// - Precondition: four bytes are there.
    @inlinable
    package init(loading bytes: Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && offset <= bytes.count &- 4, "The key lies outside of the bytes.")
        // Sound: the four bytes were checked to be there, and any bytes make a UInt32.
        let word = unsafe bytes.withUnsafeBytes { raw in
            unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        }
        self.init(UInt32(littleEndian: word))
    }

    /// The key that leaves every byte as it is.
    package static let none = MaskingKey(0)

    /// The key for the bytes that follow after `count` bytes.
    package func rotated(by count: Int) -> MaskingKey {
        let bits = UInt32(truncatingIfNeeded: count & 3) &* 8
        return bits == 0 ? self : MaskingKey(value &>> bits | value &<< (32 &- bits))
    }

    /// Copies `count` bytes from `source` to `target`, each combined with its byte of the key; the two may be the same
    /// address. Eight bytes a step where there are eight, as single bytes cost several times as much.
    @inline(__always)
    package func apply(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
        let wide = UInt64(value) << 32 | UInt64(value)
        var index = 0
        // Sound: the caller vouches for `count` bytes at both addresses; every step stays below `count`.
        while index &+ 8 <= count {
            let word = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            unsafe target.storeBytes(of: (word.littleEndian ^ wide).littleEndian, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < count {
            let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
            let part = UInt8(truncatingIfNeeded: value &>> UInt32(truncatingIfNeeded: (index & 3) &* 8))
            unsafe target.storeBytes(of: byte ^ part, toByteOffset: index, as: UInt8.self)
            index &+= 1
        }
    }
}
