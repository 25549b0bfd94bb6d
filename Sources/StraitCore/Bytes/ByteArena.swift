/// An allocator for small messages that places dozens of them in one block of memory.
///
/// A block is at most ``blockSize`` bytes, so a message that is kept for a long time keeps little other memory alive.
/// Larger messages get separate blocks, see ``ByteBuffer``.
@usableFromInline package struct ByteArena: ~Copyable {
    @inlinable package static var blockSize: Int { 4096 }
    /// The size in bytes up to which a message shares a block.
    @inlinable package static var largest: Int { 1024 }

    @usableFromInline var storage: ByteStorage
    @usableFromInline var used: Int

    package init() {
        storage = .empty
        used = 0
    }

    /// Copies `bytes`, unmasked with `key`, after the last message.
    ///
    /// - Precondition: `bytes` is at most ``largest`` long.
    @inlinable @inline(__always)
    package mutating func append(_ bytes: Span<UInt8>, masked key: MaskingKey) -> Bytes {
        write(bytes, masked: key)
        return take(bytes.count)
    }

    /// Copies `bytes`, unmasked with `key`, after the last message. Returns nil if the result is not valid UTF-8.
    ///
    /// If the text is ASCII, as most is, unmasking and validation take a single pass.
    ///
    /// - Precondition: `bytes` is at most ``largest`` long.
    @inlinable @inline(__always)
    package mutating func append(text bytes: Span<UInt8>, masked key: MaskingKey) -> Bytes? {
        let seen = write(bytes, masked: key)
        if seen & 0x8080_8080_8080_8080 != 0, !isValidText(bytes.count) { return nil }
        return take(bytes.count)
    }

    /// Writes after the last message without adding to it. Returns the bitwise OR of the written bytes, as
    /// ``MaskingKey`` does.
    @inlinable @inline(__always) @discardableResult
    mutating func write(_ bytes: Span<UInt8>, masked key: MaskingKey) -> UInt64 {
        let count = bytes.count
        precondition(count <= Self.largest, "Too large for the arena.")
        if count > storage.capacity &- used { startBlock() }
        // SAFETY: `startBlock` made room if there was none, and no existing slice covers these bytes.
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
        // SAFETY: `write` has initialized these bytes.
        let start = unsafe (storage.base + used).assumingMemoryBound(to: UInt8.self)
        return UTF8Validator.isValid(unsafe Span(_unsafeStart: UnsafePointer(start), count: count))
    }

    @inline(never) @usableFromInline
    mutating func startBlock() {
        storage = ByteStorage(capacity: Self.blockSize)
        used = 0
    }

    /// Releases the current block. Messages in it keep it alive as long as necessary.
    package mutating func reset() {
        storage = .empty
        used = 0
    }
}
