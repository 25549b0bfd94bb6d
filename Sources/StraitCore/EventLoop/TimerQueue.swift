/// An action that an event loop runs at a deadline. Its owner keeps it, so arming it again allocates nothing.
///
/// Loop-bound: only the loop that it is armed on may use it.
package final class LoopTimer {
    fileprivate var index = -1
    fileprivate(set) package var deadline = Instant(nanoseconds: .max)
    /// The order of timers with equal deadlines: the one that was armed first fires first.
    fileprivate var order: UInt64 = 0
    package var action: () -> Void

    package init(_ action: @escaping () -> Void = {}) {
        self.action = action
    }

    package var isArmed: Bool { index >= 0 }

    fileprivate func isDue(before other: LoopTimer) -> Bool {
        deadline == other.deadline ? order < other.order : deadline < other.deadline
    }
}

/// The timers of one loop: a binary heap in which each timer knows its index, so that disarming is cheap too.
///
/// A timeout that every message extends is not moved in the heap each time. Its owner lets it fire, checks for activity
/// since then, and arms it for the remaining time.
final class TimerQueue {
    private var heap: [LoopTimer] = []
    private var armed: UInt64 = 0

    var next: Instant? { heap.first?.deadline }
    var count: Int { heap.count }

    func arm(_ timer: LoopTimer, at deadline: Instant) {
        armed &+= 1
        timer.order = armed
        if timer.index >= 0 {
            timer.deadline = deadline
            let index = timer.index
            rise(index)
            if timer.index == index { sink(index) }
        } else {
            timer.deadline = deadline
            timer.index = heap.count
            heap.append(timer)
            rise(timer.index)
        }
    }

    func disarm(_ timer: LoopTimer) {
        guard timer.index >= 0 else { return }
        let index = timer.index
        timer.index = -1
        let last = heap.removeLast()
        guard last !== timer else { return }
        last.index = index
        heap[index] = last
        rise(index)
        if last.index == index { sink(index) }
    }

    /// Removes and returns the earliest timer that is due at `now`.
    func popDue(_ now: Instant) -> LoopTimer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        disarm(first)
        return first
    }

    private func rise(_ start: Int) {
        var index = start
        let timer = heap[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard timer.isDue(before: heap[parent]) else { break }
            heap[index] = heap[parent]
            heap[index].index = index
            index = parent
        }
        heap[index] = timer
        timer.index = index
    }

    private func sink(_ start: Int) {
        var index = start
        let timer = heap[index]
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isDue(before: heap[child]) { child += 1 }
            guard heap[child].isDue(before: timer) else { break }
            heap[index] = heap[child]
            heap[index].index = index
            index = child
        }
        heap[index] = timer
        timer.index = index
    }
}

extension EventLoop {
    /// Runs `body` once, at `instant`. It cannot be cancelled.
    package func run(at instant: Instant, _ body: @escaping () -> Void) { arm(single(body), at: instant) }

    /// Runs `body` once, after `delay`. It cannot be cancelled.
    package func run(after delay: Duration, _ body: @escaping () -> Void) { arm(single(body), after: delay) }

    /// Returns a timer for one call of `body`, which keeps itself alive until it fires.
    private func single(_ body: @escaping () -> Void) -> LoopTimer {
        let timer = LoopTimer()
        timer.action = {
            timer.action = {}
            body()
        }
        return timer
    }
}
