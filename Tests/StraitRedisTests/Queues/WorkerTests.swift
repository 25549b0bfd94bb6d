import StraitNetwork
import StraitTesting
import Synchronization
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// Several processes that take messages from one channel.
@Suite(.timeLimit(.minutes(20))) struct Workers {
    let place: RedisPlace

    init() async throws { place = try await RedisPlace() }

    @Test(arguments: [1, 4])
    func `of 2,000 messages each reaches one of four workers, and each worker gets its own in their order`(
        databases: Int
    ) async throws {
        let place = place
        let sender = place.queues(databases: databases) { $0.capacity = 10_000 }
        let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<4 {
                let layer = place.queues(databases: databases)
                group.addTask {
                    var numbers: [Int] = []
                    while let number = try await layer.receive("work")["number"]?.int, number >= 0 {
                        numbers.append(number)
                    }
                    return numbers
                }
            }
            for number in 0..<2000 { try await sender.send("work", ["type": "m", "number": .int(number)]) }
            // To each server as many ends, so that nobody waits at one where nothing is.
            for database in 0..<databases {
                let redis = RedisProbe(place.server, database: database)
                try await eventually("all are taken") {
                    try await redis("EXISTS", .string("\(place.prefix)work")) == .integer(0)
                }
            }
            for _ in 0..<4 { try await sender.send("work", ["type": "m", "number": -1]) }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(taken.joined().sorted() == Array(0..<2000))
        if databases == 1 { for numbers in taken { #expect(numbers == numbers.sorted()) } }
    }

    @Test func `a worker that is busy leaves what waits to others`() async throws {
        let (busy, free) = (place.queues(), place.queues())
        for number in 0..<3 { try await busy.send("work", ["type": "m", "number": .int(number)]) }
        #expect(try await busy.receive("work")["number"] == 0)
        #expect(try await free.receive("work")["number"] == 1)
        #expect(try await free.receive("work")["number"] == 2)
    }

    @Test func `a layer that is closed gives back what it took for nobody`() async throws {
        let sender = place.queues(databases: 4)
        for round in 0..<20 {
            let taker = place.queues(databases: 4)
            async let first = taker.receive("work")
            try await place.waits(taker, for: "awaited")
            // Each server has one, and the first that comes is all that is waited for.
            for number in 0..<4 { try await sender.send("work", ["type": "m", "number": .int(4 * round + number)]) }
            var numbers = [try await first["number"]?.int]
            await taker.close()
            let other = place.queues(databases: 4)
            for _ in 0..<3 { numbers.append(try await other.receive("work")["number"]?.int) }
            #expect(Set(numbers) == Set((0..<4).map { 4 * round + $0 }))
        }
    }

    @Test func `who waits for a message of a layer that is closed is told so`() async throws {
        let layer = place.queues()
        let waiting = Task { try await layer.receive("work") }
        try await place.waits(layer, for: "awaited")
        await layer.close()
        let closed = LayerError.unavailable("The channel layer was closed, so that nothing comes any more.")
        await #expect(throws: closed) { try await waiting.value }
        await #expect(throws: closed) { try await layer.receive("work") }
    }

    @Test func `receivers of one process that wait for one channel get a message each`() async throws {
        let place = place
        let layer = place.queues()
        let numbers = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<10 { group.addTask { try await layer.receive("work")["number"]?.int } }
            try await place.waits(layer, for: "awaited")
            let sender = place.queues { $0.capacity = 100 }
            for number in 0..<10 { try await sender.send("work", ["type": "m", "number": .int(number)]) }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(numbers) == Set(0..<10))
        try await eventually("no key is left") { try await place.keys == [] }
    }
}
