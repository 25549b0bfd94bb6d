public import Synchronization

/// The number and the durations of an event loop's turns.
///
/// Only the loop's thread writes the counters. A turn costs a few additions. It also reads the clock once if no timer
/// is armed; otherwise the loop has already read it. The counters need no timer and wake no thread.
package final class LoopCounters: Sendable {
    /// The number of turns.
    let turns = OwnedCounter()
    /// The start of the current turn, in nanoseconds; 0 while the loop waits for the kernel.
    private let busySince = OwnedCounter()
    private let busyTime = OwnedCounter()
    private let longestTurn = OwnedCounter()
    // The longest turns of the current period and of the previous one.
    private let stretchBegan = OwnedCounter()
    private let current = OwnedCounter()
    private let previous = OwnedCounter()

    /// The length of a period in nanoseconds: 10 seconds.
    private static var stretch: Int { 10_000_000_000 }

    init() {}

    /// Records the start of a turn. Called on the loop.
    func turnBegan(at now: Instant) { busySince.set(Int(now.nanoseconds)) }

    /// Records that the loop now waits for the kernel. Called on the loop.
    func waits() { busySince.set(0) }

    /// Records a turn that lasted from `began` to `now`. Called on the loop.
    func turnEnded(from began: Instant, at now: Instant) {
        let length = Int(now.nanoseconds &- began.nanoseconds)
        busyTime.add(length)
        if length > longestTurn.value { longestTurn.set(length) }
        let age = Int(now.nanoseconds) &- stretchBegan.value
        if age >= Self.stretch {
            previous.set(age < 2 * Self.stretch ? current.value : 0)
            current.set(0)
            stretchBegan.set(Int(now.nanoseconds))
        }
        if length > current.value { current.set(length) }
    }

    /// Returns the duration of the current turn until `now`; zero while the loop waits for the kernel. Callable from
    /// any thread.
    package func currentTurn(_ now: Instant) -> Duration {
        let began = busySince.value
        return began == 0 ? .zero : .nanoseconds(max(0, Int(now.nanoseconds) &- began))
    }

    /// The total time that the loop has worked. Callable from any thread.
    package var busy: Duration { .nanoseconds(busyTime.value) }

    /// The duration of the longest turn. Callable from any thread.
    package var longest: Duration { .nanoseconds(longestTurn.value) }

    /// Returns the duration of the longest turn in the last 10 to 20 seconds before `now`. Callable from any thread.
    package func recent(_ now: Instant) -> Duration {
        let age = Int(now.nanoseconds) &- stretchBegan.value
        if age >= 2 * Self.stretch { return .zero }
        return .nanoseconds(age < Self.stretch ? max(current.value, previous.value) : current.value)
    }
}

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
