public import Synchronization

/// A counter that one thread changes and any thread reads.
///
/// Adding costs as much as with a plain integer: it is a load, an addition and a store of one word, without a locked
/// instruction. With two writers, additions would be lost.
///
/// The type is `@usableFromInline` because functions of other `package` types are never inlined into another module.
@usableFromInline package struct OwnedCounter: ~Copyable, Sendable {
    @usableFromInline let word = Atomic<Int>(0)

    @inlinable package init() {}

    /// The count. Callable from any thread.
    @inlinable package var value: Int { word.load(ordering: .relaxed) }

    /// Adds `count`. Only called on the owner's thread.
    @inlinable @inline(__always)
    package func add(_ count: Int = 1) { set(word.load(ordering: .relaxed) &+ count) }

    /// Sets the count. Only called on the owner's thread.
    @inlinable @inline(__always)
    package func set(_ count: Int) { word.store(count, ordering: .relaxed) }
}
