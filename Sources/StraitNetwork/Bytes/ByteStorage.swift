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
