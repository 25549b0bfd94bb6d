internal import Glibc

/// A growable byte buffer with a single owner. Bytes are appended at the end, consumed from the front, and frozen into
/// ``Bytes`` without copying.
@usableFromInline package struct ByteBuffer: ~Copyable {
    @usableFromInline var storage: ByteStorage
    @usableFromInline var start: Int
    @usableFromInline var end: Int

    package init(capacity: Int = 0) {
        storage = capacity == 0 ? .empty : ByteStorage(capacity: capacity)
        start = 0
        end = 0
    }

    /// Creates a buffer that continues to fill `storage`, whose bytes `start..<end` are in use. Nothing else may use
    /// `storage` meanwhile.
    init(reusing storage: ByteStorage, start: Int, end: Int) {
        self.storage = storage
        self.start = start
        self.end = end
    }

    /// Empties the buffer and returns its memory for reuse.
    mutating func releaseStorage() -> ByteStorage {
        let released = storage
        storage = .empty
        start = 0
        end = 0
        return released
    }

    package var count: Int { end - start }
    package var isEmpty: Bool { end == start }
    package var capacity: Int { storage.capacity }
    /// The number of bytes that can be appended without growing.
    package var room: Int { storage.capacity - end }

    /// The bytes that have been appended and not consumed.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            // SAFETY: this value is the only owner, and its borrow bounds the span.
            let first = unsafe (storage.base + start).assumingMemoryBound(to: UInt8.self)
            return unsafe _overrideLifetime(
                Span(_unsafeStart: UnsafePointer(first), count: end - start), borrowing: self)
        }
    }

    package mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe storage.base.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
        end += 1
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else { return }
        reserve(bytes.count)
        unsafe bytes.withUnsafeBytes { source in
            guard let first = source.baseAddress else { return }
            unsafe (storage.base + end).copyMemory(from: first, byteCount: source.count)
        }
        end += bytes.count
    }

    /// Appends the low `count` bytes of `word`, lowest byte first.
    ///
    /// - Precondition: `count` is at most 8.
    @inline(__always)
    package mutating func append(_ word: UInt64, count: Int) {
        reserve(8)
        // Stores eight bytes regardless of `count`: the room is reserved, and the next append overwrites the excess.
        unsafe storage.base.storeBytes(of: word.littleEndian, toByteOffset: end, as: UInt64.self)
        end &+= count
    }

    /// Appends the low `count` bytes of `word`, lowest byte first, and then `bytes`.
    ///
    /// - Precondition: `count` is at most 8.
    @inline(__always)
    package mutating func append(_ word: UInt64, count: Int, _ bytes: Span<UInt8>) {
        reserve(8 &+ bytes.count)
        unsafe storage.base.storeBytes(of: word.littleEndian, toByteOffset: end, as: UInt64.self)
        end &+= count
        guard !bytes.isEmpty else { return }
        unsafe bytes.withUnsafeBytes { source in
            guard let first = source.baseAddress else { return }
            unsafe (storage.base + end).copyMemory(from: first, byteCount: source.count)
        }
        end &+= bytes.count
    }

    package mutating func append(_ bytes: Bytes) {
        append(bytes.span)
    }

    package mutating func append(_ string: String) {
        append(string.utf8.span)
    }

    package mutating func append(_ string: StaticString) {
        append(unsafe Span(_unsafeStart: string.utf8Start, count: string.utf8CodeUnitCount))
    }

    /// Appends `bytes` combined with a WebSocket masking key (RFC 6455 §5.3).
    ///
    /// - Returns: The key, rotated so that its first byte applies to the next byte.
    package mutating func append(_ bytes: Span<UInt8>, masked key: MaskingKey) -> MaskingKey {
        guard !bytes.isEmpty else { return key }
        reserve(bytes.count)
        let target = unsafe storage.base + end
        unsafe bytes.withUnsafeBytes { source in
            guard let first = source.baseAddress else { return }
            _ = unsafe key.apply(from: first, to: target, count: source.count)
        }
        end += bytes.count
        return key.rotated(by: bytes.count)
    }

    /// Calls `body` to write up to `count` bytes at the end and to return the number of bytes written.
    package mutating func append<Failure: Error>(
        upTo count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(count)
        let written = try unsafe body(UnsafeMutableRawBufferPointer(start: storage.base + end, count: count))
        precondition(written >= 0 && written <= count, "More was written than there was room for.")
        end += written
    }

    /// Removes the first `count` bytes.
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= end - start, "More was consumed than there is.")
        start += count
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Removes the last `count` bytes.
    package mutating func removeLast(_ count: Int) {
        precondition(count >= 0 && count <= end - start, "More was removed than there is.")
        end -= count
    }

    package mutating func removeAll(keepingCapacity: Bool = true) {
        start = 0
        end = 0
        if !keepingCapacity { storage = .empty }
    }

    /// Makes room for `count` more bytes, by moving the unconsumed bytes to the front or by growing the block.
    @inlinable
    package mutating func reserve(_ count: Int) {
        if end + count <= storage.capacity { return }
        grow(by: count)
    }

    @inline(never) @usableFromInline
    mutating func grow(by count: Int) {
        let kept = end - start
        if start > 0, kept + count <= storage.capacity, kept <= start {
            unsafe storage.base.copyMemory(from: storage.base + start, byteCount: kept)
        } else {
            let larger = ByteStorage(capacity: max(64, kept + count, storage.capacity &* 2))
            if kept > 0 { unsafe larger.base.copyMemory(from: storage.base + start, byteCount: kept) }
            storage = larger
        }
        start = 0
        end = kept
    }

    /// Returns the bytes as a shareable value without copying them.
    package consuming func freeze() -> Bytes {
        Bytes(storage: storage, offset: start, count: end - start)
    }

    /// Returns the bytes as a shareable value and empties this buffer.
    package mutating func take() -> Bytes {
        let bytes = Bytes(storage: storage, offset: start, count: end - start)
        storage = .empty
        start = 0
        end = 0
        return bytes
    }
}

/// The heap block behind ``Bytes`` and ``ByteBuffer``. It is freed with its last owner.
///
/// SAFETY: `@unchecked Sendable` is sound because a byte never changes once it is visible to a second owner. A single
/// owner fills a block: a ``ByteBuffer`` or a ``ByteArena``. A ``Bytes`` covers only bytes that were written before it
/// was created.
@safe @usableFromInline package final class ByteStorage: @unchecked Sendable {
    @usableFromInline package let base: UnsafeMutableRawPointer
    @usableFromInline package let capacity: Int

    package init(capacity: Int) {
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 1), alignment: 16)
        self.capacity = capacity
    }

    deinit { unsafe base.deallocate() }

    package static let empty = ByteStorage(capacity: 0)
}
