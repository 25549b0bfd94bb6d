/// Where small messages are put side by side: one allocation holds dozens of them.
///
/// A block is at most ``blockSize`` bytes, so that a message which is kept for long pins little besides itself.
/// Larger messages get a block of their own, see ``ByteBuffer``.
@usableFromInline package struct ByteArena: ~Copyable {
    @inlinable package static var blockSize: Int { 4096 }
    /// A message over this many bytes is not worth sharing a block for.
    @inlinable package static var largest: Int { 1024 }

    @usableFromInline var storage: ByteStorage
    @usableFromInline var used: Int

    package init() {
        storage = .empty
        used = 0
    }

    /// Copies `bytes`, combined with `key`, behind the last message.
    ///
    /// - Precondition: `bytes` is at most ``largest`` long.
    @inlinable @inline(__always)
    package mutating func append(_ bytes: Span<UInt8>, masked key: MaskingKey) -> Bytes {
        write(bytes, masked: key)
        return take(bytes.count)
    }

    /// The same for text: nil where the result is not valid UTF-8. Of text that is all ASCII, as most is, each byte is
    /// looked at once for both.
    ///
    /// - Precondition: `bytes` is at most ``largest`` long.
    @inlinable @inline(__always)
    package mutating func append(text bytes: Span<UInt8>, masked key: MaskingKey) -> Bytes? {
        let seen = write(bytes, masked: key)
        if seen & 0x8080_8080_8080_8080 != 0, !isValidText(bytes.count) { return nil }
        return take(bytes.count)
    }

    /// Writes behind the last message, without making it part of one.
    @inlinable @inline(__always) @discardableResult
    mutating func write(_ bytes: Span<UInt8>, masked key: MaskingKey) -> UInt64 {
        let count = bytes.count
        precondition(count <= Self.largest, "Too large for the arena.")
        if count > storage.capacity &- used { startBlock() }
        // Sound: the room was checked; nothing written here is covered by an earlier slice.
        let target = unsafe storage.base + used
        return unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return 0 }
            return unsafe key.apply(from: from, to: target, count: count)
        }
    }

    @inlinable @inline(__always)
    mutating func take(_ count: Int) -> Bytes {
        let slice = Bytes(storage: storage, offset: used, count: count)
        used &+= count
        return slice
    }

    @inline(never) @usableFromInline
    func isValidText(_ count: Int) -> Bool {
        // Sound: `write` wrote these bytes.
        let start = unsafe (storage.base + used).assumingMemoryBound(to: UInt8.self)
        return UTF8Validator.isValid(unsafe Span(_unsafeStart: UnsafePointer(start), count: count))
    }

    @inline(never) @usableFromInline
    mutating func startBlock() {
        storage = ByteStorage(capacity: Self.blockSize)
        used = 0
    }

    /// Lets go of the current block; the messages in it keep it alive as long as they need it.
    package mutating func reset() {
        storage = .empty
        used = 0
    }
}
