/// A WebSocket masking key: the four bytes that a client combines its payload with (RFC 6455 §5.3).
///
/// The first byte on the wire is the lowest byte of ``value``, regardless of the machine's byte order.
@usableFromInline package struct MaskingKey: Equatable, Sendable {
    @usableFromInline package var value: UInt32

    @inlinable
    package init(_ value: UInt32) {
        self.value = value
    }

    /// Reads the key whose first byte on the wire is at `offset`.
    ///
    /// - Precondition: `bytes` has at least four bytes from `offset` on.
    @inlinable
    package init(loading bytes: Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && offset <= bytes.count &- 4, "The key lies outside of the bytes.")
        // SAFETY: the four bytes exist, as checked above, and any four bytes form a UInt32.
        let word = unsafe bytes.withUnsafeBytes { raw in
            unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        }
        self.init(UInt32(littleEndian: word))
    }

    /// The key that leaves every byte unchanged.
    @inlinable
    package static var none: MaskingKey { MaskingKey(0) }

    /// Returns the key for the bytes that follow the next `count` bytes.
    @inlinable
    package func rotated(by count: Int) -> MaskingKey {
        let bits = UInt32(truncatingIfNeeded: count & 3) &* 8
        return bits == 0 ? self : MaskingKey(value &>> bits | value &<< (32 &- bits))
    }

    /// Copies `count` bytes from `source` to `target` and combines each with its byte of the key. The two addresses may
    /// be equal. It processes eight bytes at a time, because single bytes cost several times as much.
    ///
    /// - Returns: The bitwise OR of all written bytes. It has no bit in common with 0x8080808080808080 if and only if
    ///   all bytes are ASCII.
    @inlinable @inline(__always) @discardableResult
    package func apply(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) -> UInt64 {
        // SAFETY: the caller guarantees `count` bytes at both addresses, and every step stays below `count`.
        if count < 8 { return unsafe applyFew(from: source, to: target, count: count) }
        let wide = UInt64(value) << 32 | UInt64(value)
        var seen: UInt64 = 0
        // The last step covers the last eight bytes and may overlap the step before it. Its bytes are loaded first: if
        // both addresses are equal, some would otherwise be combined twice.
        let turn = UInt64(truncatingIfNeeded: count & 3) &* 8
        let last =
            (unsafe source.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)).littleEndian
            ^ (turn == 0 ? wide : wide &>> turn | wide &<< (64 &- turn))
        var index = 0
        while index &+ 8 < count {
            let word = (unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)).littleEndian ^ wide
            unsafe target.storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
            seen |= word
            index &+= 8
        }
        unsafe target.storeBytes(of: last.littleEndian, toByteOffset: count &- 8, as: UInt64.self)
        return seen | last
    }

    @inlinable @inline(__always)
    func applyFew(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) -> UInt64 {
        var seen: UInt64 = 0
        var index = 0
        // SAFETY: as in `apply`.
        while index < count {
            let part = UInt8(truncatingIfNeeded: value &>> UInt32(truncatingIfNeeded: (index & 3) &* 8))
            let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self) ^ part
            unsafe target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            seen |= UInt64(byte)
            index &+= 1
        }
        return seen
    }
}

/// A random number generator (SplitMix64) that repeats its numbers for the same seed. Use it for tests and simulated
/// networks, never for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator. Equal seeds produce equal numbers.
    public init(seed: UInt64) {
        state = seed
    }

    /// Returns the next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }
}
