import Testing

@testable import StraitCore

@Suite struct Timers {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `timers fire in the order of their deadlines, then of their arming`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let queue = TimerQueue()
        let timers = (0..<50).map { _ in LoopTimer() }
        // The armed timers in the order of arming.
        var armed: [(timer: Int, deadline: Int64)] = []
        var now: Int64 = 0
        for _ in 0..<500 {
            let index = Int.random(in: 0..<timers.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let deadline = now + Int64.random(in: 0..<20, using: &random)
                queue.arm(timers[index], at: Instant(nanoseconds: deadline))
                armed.removeAll { $0.timer == index }
                armed.append((index, deadline))
            case 2:
                queue.disarm(timers[index])
                armed.removeAll { $0.timer == index }
            default:
                now += Int64.random(in: 0..<5, using: &random)
                while let due = queue.popDue(Instant(nanoseconds: now)) {
                    let first = armed.indices.min { armed[$0].deadline < armed[$1].deadline }
                    let expected = first.map { armed.remove(at: $0) }
                    #expect(expected.map { timers[$0.timer] === due } == true, "seed \(seed)")
                    #expect(!due.isArmed, "seed \(seed)")
                }
                #expect(armed.allSatisfy { $0.deadline > now }, "seed \(seed)")
            }
            #expect(queue.count == armed.count, "seed \(seed)")
            #expect(queue.next?.nanoseconds == armed.map(\.deadline).min(), "seed \(seed)")
            #expect(armed.allSatisfy { timers[$0.timer].isArmed }, "seed \(seed)")
        }
    }

    @Test func `a timer fires at its deadline on a manual clock, and can rearm itself`() async {
        let time = ManualTime()
        let group = EventLoopGroup(count: 1, time: time)
        defer { group.stop() }
        let loop = group.loops[0]
        let fired = Notes<Int64>()
        await loop.perform {
            let timer = LoopTimer()
            timer.action = {
                fired.add(loop.now.nanoseconds / 1_000_000_000)
                if fired.all.count < 3 { loop.arm(timer, after: .seconds(2)) } else { timer.action = {} }
            }
            loop.arm(timer, after: .seconds(1))
        }
        await group.advance(time, by: .milliseconds(999))
        #expect(fired.all == [])
        await group.advance(time, by: .seconds(60))
        #expect(fired.all == [1, 3, 5])
    }

    @Test func `a timer fires on the real clock without other events`() async {
        let group = EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        await loop.perform {}
        let before = loop.turnCount
        let early = await withCheckedContinuation { continuation in
            loop.execute {
                let start = loop.time.now
                // Two timers, a fraction of a millisecond apart: the second is due soon after the first has run.
                let first = LoopTimer()
                loop.arm(first, after: .microseconds(20_000))
                let second = LoopTimer()
                second.action = {
                    second.action = {}
                    continuation.resume(returning: start.duration(to: loop.time.now) < .microseconds(20_300))
                }
                loop.arm(second, after: .microseconds(20_300))
            }
        }
        #expect(!early)
        // The loop must not spin while it waits.
        #expect(loop.turnCount - before < 30)
    }
}
