import Synchronization
import Testing

@testable import StraitCore

@Suite struct LoopCountersTests {
    private let counters = LoopCounters()

    private func instant(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func turn(_ began: Int64, _ ended: Int64) {
        counters.turnBegan(at: instant(began))
        counters.turnEnded(from: instant(began), at: instant(ended))
        counters.waits()
    }

    @Test func `the counters have the longest turn overall and the longest recent turn`() {
        turn(100, 103)
        turn(104, 105)
        #expect(counters.longest == .seconds(3) && counters.busy == .seconds(4))
        #expect(counters.recent(instant(105)) == .seconds(3))
        // In the next ten seconds, the turn is still recent.
        turn(113, 115)
        #expect(counters.recent(instant(115)) == .seconds(3))
        turn(124, 125)
        #expect(counters.recent(instant(125)) == .seconds(2))
        #expect(counters.longest == .seconds(3) && counters.busy == .seconds(7))
    }

    @Test func `an idle loop's recent lag falls to zero without a turn`() {
        turn(100, 103)
        #expect(counters.recent(instant(112)) == .seconds(3))
        #expect(counters.recent(instant(123)) == .zero)
        turn(200, 201)
        #expect(counters.recent(instant(201)) == .seconds(1))
    }

    @Test func `the counters have the duration of the current turn`() {
        counters.turnBegan(at: instant(100))
        #expect(counters.currentTurn(instant(107)) == .seconds(7))
        counters.waits()
        #expect(counters.currentTurn(instant(108)) == .zero)
    }

    /// A clock that a test advances during a loop's turn.
    private final class WorkTime: TimeSource {
        let passed = Atomic<Int64>(1_000_000_000)
        var now: Instant { Instant(nanoseconds: passed.load(ordering: .relaxed)) }
        var wallClock: Int64 { 0 }
        var passes: Bool { true }
        func pass(_ seconds: Int64) { passed.wrappingAdd(seconds * 1_000_000_000, ordering: .relaxed) }
    }

    @Test func `the first turn, which runs work queued before the start, is counted`() async {
        let time = WorkTime()
        let loop = EventLoop(time: time)
        let held = Mutex(Duration.zero)
        loop.execute {
            time.pass(3)
            held.withLock { $0 = loop.busyTime }
        }
        loop.start()
        await loop.perform {}
        #expect(held.withLock { $0 } == .seconds(3))
        loop.stop()
    }

    @Test func `a loop counts the time of its turns, not the time that it waits`() async {
        let time = WorkTime()
        let group = EventLoopGroup(count: 1, time: time)
        defer { group.stop() }
        let loop = group.loops[0]
        await loop.perform { time.pass(5) }
        await group.idle()
        #expect(loop.counters.longest == .seconds(5))
        await loop.perform { time.pass(2) }
        await group.idle()
        #expect(loop.counters.longest == .seconds(5) && loop.counters.busy == .seconds(7))
        // Waits until the loop waits for the kernel.
        while loop.busyTime != .zero { await Task.yield() }
        time.pass(100)
        await loop.perform {}
        await group.idle()
        #expect(loop.counters.longest == .seconds(5) && loop.counters.busy == .seconds(7))
    }
}
