import Testing

@testable import StraitCore

@Suite struct EventLoops {
    @Test func `calls from other threads run in each thread's order`() async {
        let group = EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        let seen = (0..<4).map { _ in Notes<Int>() }
        await withTaskGroup { tasks in
            for sender in 0..<4 {
                tasks.addTask {
                    for number in 0..<1000 { loop.execute { seen[sender].add(number) } }
                }
            }
        }
        await loop.perform {}
        #expect(seen.map(\.all) == Array(repeating: Array(0..<1000), count: 4))
    }

    @Test func `a call from the loop itself runs in a later turn, before the loop is idle`() async {
        let group = EventLoopGroup(count: 1, time: ManualTime())
        defer { group.stop() }
        let loop = group.loops[0]
        let notes = Notes<String>()
        loop.execute {
            loop.execute {
                loop.execute { notes.add("c") }
                notes.add("b")
            }
            notes.add("a")
        }
        await group.idle()
        #expect(notes.all == ["a", "b", "c"])
    }

    @Test func `a group is idle when no loop has anything left to do`() async {
        let group = EventLoopGroup(count: 3, time: ManualTime())
        defer { group.stop() }
        for _ in 0..<50 {
            let hops = Notes<Int>()
            @Sendable func hop(_ left: Int) {
                hops.add(left)
                if left > 0 { group.loops[left % 3].execute { hop(left - 1) } }
            }
            group.loops[0].execute { hop(100) }
            await group.idle()
            #expect(hops.all == (0...100).reversed())
        }
    }

    @Test func `idle() reports whether all of a loop's tasks wait on the loop`() async {
        let time = ManualTime()
        let group = EventLoopGroup(count: 1, time: time)
        defer { group.stop() }
        let loop = group.loops[0]
        let (works, work) = AsyncStream.makeStream(of: Void.self)
        #expect(await group.idle())
        loop.execute {
            _ = loop.isolation.startTask { isolation in
                try? await LoopClock(loop: loop).sleep(for: .seconds(1))
                // A child task that waits on the loop, which does not mean that its parent does.
                async let guest: Void? = LoopClock(loop: loop).sleep(for: .seconds(1))
                for await _ in works { break }
                _ = try? await guest
            }
        }
        #expect(await group.idle())
        await group.advance(time, by: .seconds(1))
        #expect(await group.idle() == false)
        work.yield()
        await group.advance(time, by: .seconds(1))
    }

    @Test func `a loop's task starts and resumes on the loop, and waking it enqueues one job`() async {
        let group = EventLoopGroup(count: 1, time: ManualTime())
        defer { group.stop() }
        let loop = group.loops[0]
        let notes = Notes<Bool>()
        let result = await withCheckedContinuation { continuation in
            loop.execute {
                nonisolated(unsafe) let waiter = LoopWaiter(loop: loop)
                _ = loop.isolation.startTask { _ in
                    notes.add(loop.isOnLoop)
                    let result = unsafe await waiter.wait()
                    notes.add(loop.isOnLoop)
                    continuation.resume(returning: (result, loop.enqueueCount))
                }
                loop.execute {
                    unsafe #expect(waiter.isWaiting)
                    let before = loop.enqueueCount
                    unsafe waiter.wake(true)
                    unsafe #expect(!waiter.isWaiting)
                    // A wake without a waiting task has no effect.
                    unsafe waiter.wake(false)
                    #expect(loop.enqueueCount == before)
                }
            }
        }
        #expect(result.0)
        #expect(notes.all == [true, true])
    }

    @Test func `a sleep ends at its deadline, or at once if it is cancelled`() async {
        let time = ManualTime()
        let group = EventLoopGroup(count: 1, time: time)
        defer { group.stop() }
        let clock = LoopClock(loop: group.loops[0])
        let notes = Notes<String>()
        let begun = group.loops[0]
        let tasks = await withCheckedContinuation { continuation in
            begun.execute {
                let first = begun.isolation.startTask { _ in
                    try? await clock.sleep(for: .seconds(2))
                    notes.add("slept \(clock.now.nanoseconds / 1_000_000_000)")
                }
                let second = begun.isolation.startTask { _ in
                    do { try await clock.sleep(for: .seconds(5)) } catch { notes.add("\(error)") }
                }
                continuation.resume(returning: (first, second))
            }
        }
        await group.advance(time, by: .seconds(1))
        #expect(notes.all == [])
        tasks.1.cancel()
        await group.idle()
        #expect(notes.all == ["CancellationError()"])
        await group.advance(time, by: .seconds(1))
        await tasks.0.value
        #expect(notes.all == ["CancellationError()", "slept 2"])
    }

    @Test func `a job that blocks its loop for too long is reported by name, also after a suspension`() async {
        let time = ManualTime()
        let group = EventLoopGroup(count: 1, time: time)
        defer { group.stop() }
        let loop = group.loops[0]
        let (reports, continuation) = AsyncStream.makeStream(of: String.self)
        await loop.perform {
            loop.watchJobs(over: .milliseconds(50)) { what, held in continuation.yield("\(what): \(held)") }
            nonisolated(unsafe) let waiter = LoopWaiter(loop: loop)
            _ = loop.isolation.startTask { _ in
                time.move(to: Instant(nanoseconds: 60_000_000))
            }
            _ = loop.isolation.startTask { _ in
                loop.names("the slow one")
                time.move(to: Instant(nanoseconds: 120_000_000))
                _ = unsafe await waiter.wait()
                time.move(to: Instant(nanoseconds: 240_000_000))
            }
            _ = loop.isolation.startTask { _ in
                loop.names("the quick one")
                time.move(to: Instant(nanoseconds: 170_000_000))
                unsafe waiter.wake()
            }
        }
        await group.idle()
        continuation.finish()
        var all: [String] = []
        for await report in reports { all.append(report) }
        #expect(all == ["A task: 0.06 seconds", "the slow one: 0.06 seconds", "the slow one: 0.07 seconds"])
    }
}
