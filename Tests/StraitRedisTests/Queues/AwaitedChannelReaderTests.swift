import StraitCore
import StraitTesting
import Synchronization
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// Several processes that receive from one channel.
@Suite(.timeLimit(.minutes(20))) struct Workers {
    let place: RedisPlace

    init() async throws { place = try await RedisPlace() }

    @Test(arguments: [1, 4])
    func `2,000 messages each reach one of four workers, which get theirs in order`(
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
            // One end marker per worker on each server, so that no worker waits at an empty server.
            for database in 0..<databases {
                let redis = RedisProbe(place.server, database: database)
                try await eventually("all messages are received") {
                    try await redis("EXISTS", .string("\(place.prefix)work")) == .integer(0)
                }
            }
            for _ in 0..<4 { try await sender.send("work", ["type": "m", "number": -1]) }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(taken.joined().sorted() == Array(0..<2000))
        if databases == 1 { for numbers in taken { #expect(numbers == numbers.sorted()) } }
    }

    @Test func `a busy worker leaves queued messages to other workers`() async throws {
        let (busy, free) = (place.queues(), place.queues())
        for number in 0..<3 { try await busy.send("work", ["type": "m", "number": .int(number)]) }
        #expect(try await busy.receive("work")["number"] == 0)
        #expect(try await free.receive("work")["number"] == 1)
        #expect(try await free.receive("work")["number"] == 2)
    }

    @Test func `a closed layer returns messages that it took without a receiver`() async throws {
        let sender = place.queues(databases: 4)
        for round in 0..<20 {
            let taker = place.queues(databases: 4)
            async let first = taker.receive("work")
            try await place.waits(taker, for: "awaited")
            // Each server has one message, but the receiver waits for a single one.
            for number in 0..<4 { try await sender.send("work", ["type": "m", "number": .int(4 * round + number)]) }
            var numbers = [try await first["number"]?.int]
            await taker.close()
            let other = place.queues(databases: 4)
            for _ in 0..<3 { numbers.append(try await other.receive("work")["number"]?.int) }
            #expect(Set(numbers) == Set((0..<4).map { 4 * round + $0 }))
        }
    }

    @Test func `a receive fails when its layer is closed`() async throws {
        let layer = place.queues()
        let waiting = Task { try await layer.receive("work") }
        try await place.waits(layer, for: "awaited")
        await layer.close()
        let closed = LayerError.unavailable("The channel layer is closed, so no more messages can be received.")
        await #expect(throws: closed) { try await waiting.value }
        await #expect(throws: closed) { try await layer.receive("work") }
    }

    @Test func `several receivers in one process get one message each`() async throws {
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
