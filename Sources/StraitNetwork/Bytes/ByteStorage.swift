/// The heap block behind ``Bytes`` and ``ByteBuffer``: raw memory that is freed with its last owner.
///
/// `@unchecked Sendable` is sound because of one rule that this folder keeps: a byte is written at most once after it
/// became visible to a second owner, namely never. A block is filled by its single owner (a ``ByteBuffer`` or a
/// ``ByteArena``), and a ``Bytes`` only ever covers bytes that were written before it was made.
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
