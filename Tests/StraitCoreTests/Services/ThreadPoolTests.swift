import Glibc
import StraitCore
import Synchronization
import Testing

/// A gate that blocks threads until it is opened.
private final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    let entered = Atomic<Int>(0)

    func pass() {
        entered.wrappingAdd(1, ordering: .relaxed)
        while !isOpen.load(ordering: .acquiring) { sched_yield() }
    }

    func open() { isOpen.store(true, ordering: .releasing) }
}

/// The number of calls that run at once, and its maximum.
private final class Gauge: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
        counts.withLock { counts in
            counts.now += 1
            counts.most = max(counts.most, counts.now)
        }
    }

    func leave() { counts.withLock { $0.now -= 1 } }
}

@Suite struct `Thread pools` {
    private func eventually(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    private func value(_ name: String, of pool: ThreadPool) -> Double? {
        pool.metrics().first { $0.name == "strait_threads_\(name)" }?.value
    }

    @Test func `work runs on a thread of the pool, and its result or error is passed on`() async throws {
        struct Failure: Error {}
        let pool = ThreadPool(threads: 2)
        #expect(try await pool.run { 6 * 7 } == 42)
        await #expect(throws: Failure.self) { try await pool.run { throw Failure() } }
        #expect(value("completed_total", of: pool) == 2 && value("running", of: pool) == 0)
        await pool.stop()
    }

    @Test func `no more work runs at once than there are threads, and the rest waits in order`() async throws {
        let pool = ThreadPool(threads: 2)
        let gauge = Gauge()
        try await withThrowingTaskGroup { tasks in
            for _ in 0..<200 {
                tasks.addTask {
                    try await pool.run {
                        gauge.enter()
                        gauge.leave()
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(gauge.most <= 2)
        #expect(value("completed_total", of: pool) == 200)
        await pool.stop()
    }

    @Test func `a call over the queue's limit is refused and counted`() async throws {
        let pool = ThreadPool(threads: 1, queue: 1)
        let gate = Gate()
        let first = Task { try await pool.run { gate.pass() } }
        await eventually { gate.entered.load(ordering: .relaxed) == 1 }
        let second = Task { try await pool.run { 2 } }
        await eventually { value("waiting", of: pool) == 1 }
        let error = await #expect(throws: ThreadPoolError.self) { try await pool.run { 3 } }
        #expect(error?.code == .full)
        #expect(
            error?.description == """
                1 calls already wait for a thread of the pool 'offload'. Make the work shorter, or give the pool more \
                threads.
                """)
        gate.open()
        try await first.value
        #expect(try await second.value == 2)
        #expect(value("refused_total", of: pool) == 1)
        await pool.stop()
    }

    @Test func `a cancelled call that waits ends at once and never runs`() async throws {
        let pool = ThreadPool(threads: 1)
        let gate = Gate()
        let runs = Gauge()
        let first = Task { try await pool.run { gate.pass() } }
        await eventually { gate.entered.load(ordering: .relaxed) == 1 }
        let second = Task { try await pool.run { runs.enter() } }
        await eventually { value("waiting", of: pool) == 1 }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(value("cancelled_total", of: pool) == 1 && value("waiting", of: pool) == 0)
        // Running work is not interrupted.
        first.cancel()
        gate.open()
        try await first.value
        await pool.stop()
        #expect(runs.most == 0)
    }

    @Test func `stopping waits for running work, and fails waiting and later calls`() async throws {
        let pool = ThreadPool(threads: 1)
        let gate = Gate()
        let first = Task { try await pool.run { gate.pass() } }
        await eventually { gate.entered.load(ordering: .relaxed) == 1 }
        let second = Task { try await pool.run {} }
        await eventually { value("waiting", of: pool) == 1 }
        let stop = Task { await pool.stop() }
        let error = await #expect(throws: ThreadPoolError.self) { try await second.value }
        #expect(error?.code == .stopped)
        gate.open()
        try await first.value
        await stop.value
        await #expect(throws: ThreadPoolError.stopped) { try await pool.run {} }
    }

    @Test func `calls that are cancelled while the pool stops end once`() async throws {
        for _ in 0..<50 {
            let pool = ThreadPool(threads: 1)
            let gate = Gate()
            let first = Task { try await pool.run { gate.pass() } }
            await eventually { gate.entered.load(ordering: .relaxed) == 1 }
            let waiting = (0..<8).map { _ in Task { try await pool.run {} } }
            await eventually { value("waiting", of: pool) == 8 }
            let stop = Task { await pool.stop() }
            for task in waiting { task.cancel() }
            gate.open()
            try await first.value
            await stop.value
            for task in waiting { await #expect(throws: (any Error).self) { try await task.value } }
        }
    }

    @Test func `offload finds the site's pool`() async throws {
        let services = try Services([ThreadPool(threads: 1)])
        #expect(try await services.offload { "done" } == "done")
        await #expect(throws: ServiceError.self) { try await Services.none.offload {} }
        await services.find(ThreadPool.self)?.stop()
    }
}
