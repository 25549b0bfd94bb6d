public import Synchronization

/// A count that one thread changes and any thread reads.
///
/// Adding is a load, an addition and a store of one word, without a locked instruction: it costs what a plain integer
/// costs. With two writers, additions would be lost.
///
/// The type is `@usableFromInline`: functions of a `package` type that is not are never inlined into another module.
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
