import StraitDatabase
import Synchronization
import Testing

/// A clock on which every sleep waits until it is cancelled or `pass` is called, which is half a minute later.
private final class Hourglass: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    private let start = ContinuousClock.now
    private let passes = Atomic<Int>(0)
    var now: Instant { start + .seconds(30) * passes.load(ordering: .relaxed) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        for await _ in ends { break }
        try Task.checkCancellation()
    }

    func pass() {
        passes.add(1, ordering: .relaxed)
        end.yield()
    }
}

@Suite struct `Connection pools` {
    private func eventually(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func `waiting callers get a connection in order`() async throws {
        let pool = ConnectionPool([1])
        let (orders, order) = AsyncStream.makeStream(of: Int.self)
        let tasks = try await pool.withConnection { _ in
            var tasks: [Task<Void, any Error>] = []
            for number in 0..<5 {
                tasks.append(Task { try await pool.withConnection { _ in _ = order.yield(number) } })
                await eventually { pool.waitingCount == number + 1 }
            }
            return tasks
        }
        for task in tasks { try await task.value }
        order.finish()
        var got: [Int] = []
        for await number in orders { got.append(number) }
        #expect(got == [0, 1, 2, 3, 4])
    }

    @Test func `a caller over the limit, after the timeout or after close gets a clear error`() async throws {
        let clock = Hourglass()
        let pool = ConnectionPool([1], queue: 1, timeout: .seconds(30), clock: clock)
        let error: DatabaseError? = try await pool.withConnection { _ in
            let late = Task { try await pool.withConnection { $0 } }
            await eventually { pool.waitingCount == 1 }
            let full = await #expect(throws: DatabaseError.self) { try await pool.withConnection { $0 } }
            #expect(full?.code == .busy)
            #expect(full?.description.hasPrefix("1 callers already wait for a database connection.") == true)
            clock.pass()
            return await #expect(throws: DatabaseError.self) { try await late.value }
        }
        #expect(error?.code == .busy)
        #expect(
            error?.description == """
                No database connection became free within 30 seconds. Make transactions shorter, or allow more \
                connections. Inside atomic, use the database that its closure gets.
                """)
        #expect(try await pool.withConnection { $0 } == 1)
        pool.close()
        let closed = await #expect(throws: DatabaseError.self) { try await pool.withConnection { $0 } }
        #expect(closed?.code == .connection)
    }

    @Test func `a cancelled caller stops waiting and takes no connection`() async throws {
        let pool = ConnectionPool([1])
        try await pool.withConnection { _ in
            let waiting = Task { try await pool.withConnection { $0 } }
            await eventually { pool.waitingCount == 1 }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(pool.waitingCount == 0)
        }
        #expect(try await pool.withConnection { $0 } == 1)
    }
}
