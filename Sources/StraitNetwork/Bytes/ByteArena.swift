/// Where small messages are put side by side: one allocation holds the messages that one read brought.
///
/// A block is at most ``blockSize`` bytes, so that a message which is kept for long pins little besides itself.
/// Larger messages get a block of their own, see ``ByteBuffer``.
package struct ByteArena: ~Copyable {
    package static let blockSize = 4096
    /// A message over this many bytes is not worth sharing a block for.
    package static let largest = 1024

    private var storage: ByteStorage
    private var used: Int

    package init() {
        storage = .empty
        used = 0
    }

    /// Copies `bytes`, combined with `key`, behind the last message. `expected` is how many more bytes may follow at
    /// once, `bytes` included: a fresh block is made no larger than that.
    ///
    /// - Precondition: `bytes` is at most ``largest`` long.
    @inline(__always)
    package mutating func append(_ bytes: Span<UInt8>, masked key: MaskingKey, expected: Int) -> Bytes {
        let count = bytes.count
        precondition(count <= Self.largest, "Too large for the arena.")
        if used + count > storage.capacity {
            storage = ByteStorage(capacity: min(Self.blockSize, max(expected, count)))
            used = 0
        }
        // Sound: the room was checked; nothing written here is covered by an earlier slice.
        let target = unsafe storage.base + used
        unsafe bytes.withUnsafeBytes { source in
            if let from = source.baseAddress { unsafe key.apply(from: from, to: target, count: count) }
        }
        let slice = Bytes(storage: storage, offset: used, count: count)
        used += count
        return slice
    }

    /// Lets go of the current block; the messages in it keep it alive as long as they need it.
    package mutating func reset() {
        storage = .empty
        used = 0
    }
}
