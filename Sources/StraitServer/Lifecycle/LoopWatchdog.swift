import StraitCore
import Synchronization

/// A watchdog that logs blocked event loops. It has a separate thread, because a blocked loop cannot report itself.
///
/// SAFETY: `@unchecked Sendable` is sound because other threads use only the constants, `isStarted`, and `named`, which
/// has a lock. The rest is used only on the watchdog's own loop.
final class LoopWatchdog: @unchecked Sendable {
    private let loop = EventLoop(index: -1)
    private let loops: [EventLoop]
    private let log: Log
    private let counters: ServerCounters
    /// The blocked loops that have been logged. A loop is removed when it runs again.
    private let named = Mutex<Set<Int>>([])
    private let timer = LoopTimer()
    private let isStarted = Atomic<Bool>(false)

    /// The length of a turn after which a loop counts as blocked.
    private static let patience = Duration.milliseconds(100)
    private static let interval = Duration.milliseconds(500)

    init(loops: [EventLoop], log: Log, counters: ServerCounters) {
        self.loops = loops
        self.log = log
        self.counters = counters
    }

    /// Starts the watchdog, unless it has started already.
    func start() {
        guard !isStarted.exchange(true, ordering: .relaxed) else { return }
        loop.start()
        loop.execute { [self] in
            timer.action = { [unowned self] in check() }
            loop.arm(timer, after: Self.interval)
        }
    }

    /// Ends the watchdog's thread.
    func stop() {
        if isStarted.load(ordering: .relaxed) { loop.stop() }
    }

    private func check() {
        for loop in loops { _ = isBlocked(loop) }
        loop.arm(timer, after: Self.interval)
    }

    /// Whether the current turn of `loop` has taken more than 100 ms. The first call that finds this logs it. Callable
    /// from any thread.
    func isBlocked(_ loop: EventLoop) -> Bool {
        let held = loop.busyTime
        guard held > Self.patience else {
            named.withLock { named in
                if !named.isEmpty { named.remove(loop.index) }
            }
            return false
        }
        if named.withLock({ $0.insert(loop.index).inserted }) {
            counters.reach(.loopTime)
            log.warning(
                """
                event loop blocked loop=\(loop.index) ms=\(held.nanoseconds / 1_000_000): a handler blocks it, and \
                nothing else on it can run. New connections go to other loops. Await long work in a function that is \
                marked @concurrent; --log-level debug names the handler.
                """
            )
        }
        return true
    }
}
