import StraitCore
import Synchronization
import Testing

@testable import StraitLayers

/// A member that records the numbers of the events delivered to it. Loop-bound.
private final class Recorder: GroupMember {
    var numbers: [Int] = []

    func deliver(_ batch: EventBatch, _ membership: Membership) {
        for event in batch.events { numbers.append(event.message["number"]?.int ?? -1) }
    }
}

/// The members on one loop, and the numbers recorded by members that left.
///
/// SAFETY: `@unchecked Sendable` is sound because everything is accessed only on the loop.
private final class Population: @unchecked Sendable {
    var members: [(Recorder, Membership)] = []
    var left: [[Int]] = []
    var random: SeededGenerator
    init(seed: UInt64) { random = SeededGenerator(seed: seed) }
}

private final class Counter: Sendable {
    let number = Mutex(0)
}

@Suite struct Groups {
    private static func event(_ number: Int, from sender: AnyObject? = nil) -> LayerEvent {
        LayerEvent(
            ["number": .int(number)], sender: sender.map { ObjectIdentifier($0) }, expires: Instant(nanoseconds: .max))
    }

    private static let never = Instant(nanoseconds: .min)

    /// Members join and leave on three loops while four tasks publish. Each member receives consecutive events in the
    /// group's order, without gaps or duplicates.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a member receives all events between joining and leaving, in the group's order`(seed: UInt64) async {
        let group = EventLoopGroup(count: 3, time: ManualTime())
        defer { group.stop() }
        let table = GroupTable()
        let published = Counter()
        let populations = (0..<3).map { Population(seed: seed &* 3 &+ UInt64($0)) }
        await withTaskGroup { tasks in
            for _ in 0..<4 {
                tasks.addTask {
                    for _ in 0..<200 {
                        // The lock makes the numbers follow the order of publishing.
                        published.number.withLock { number in
                            number += 1
                            table.publishNow(Self.event(number), to: "room", since: Self.never) { _ in }
                        }
                        await Task.yield()
                    }
                }
            }
            for (loop, population) in zip(group.loops, populations) {
                tasks.addTask {
                    for _ in 0..<150 {
                        await loop.perform {
                            if population.members.isEmpty || Bool.random(using: &population.random) {
                                let recorder = Recorder()
                                population.members.append((recorder, table.join("room", recorder, on: loop)))
                            } else {
                                let index = Int.random(in: 0..<population.members.count, using: &population.random)
                                let (recorder, membership) = population.members.remove(at: index)
                                membership.leave()
                                population.left.append(recorder.numbers)
                            }
                        }
                    }
                }
            }
        }
        await group.idle()
        for (loop, population) in zip(group.loops, populations) {
            await loop.perform {
                for (recorder, membership) in population.members {
                    if let first = recorder.numbers.first {
                        #expect(recorder.numbers == Array(first...800), "seed \(seed)")
                    }
                    membership.leave()
                }
                for numbers in population.left where !numbers.isEmpty {
                    #expect(numbers == Array(numbers[0]...(numbers[0] + numbers.count - 1)), "seed \(seed)")
                }
            }
        }
        #expect(table.count == 0)
    }

    @Test func `after leave() returns, nothing more is delivered, not even events published before`() async {
        let group = EventLoopGroup(count: 1, time: ManualTime())
        defer { group.stop() }
        let loop = group.loops[0]
        let table = GroupTable()
        let population = Population(seed: 0)
        await loop.perform {
            let recorder = Recorder()
            population.members.append((recorder, table.join("room", recorder, on: loop)))
            table.publishNow(Self.event(1), to: "room", since: Self.never) { _ in }
            population.members[0].1.leave()
        }
        await loop.perform { #expect(population.members[0].0.numbers == []) }
        await group.idle()
        #expect(table.count == 0)
    }

    @Test func `a member that joins after an event was published does not receive it, and a sender can be excluded`()
        async
    {
        let group = EventLoopGroup(count: 1, time: ManualTime())
        defer { group.stop() }
        let loop = group.loops[0]
        let table = GroupTable()
        let population = Population(seed: 0)
        await loop.perform {
            let (early, late) = (Recorder(), Recorder())
            population.members.append((early, table.join("room", early, on: loop)))
            table.publishNow(Self.event(1), to: "room", since: Self.never) { _ in }
            population.members.append((late, table.join("room", late, on: loop)))
            table.publishNow(Self.event(2, from: early), to: "room", since: Self.never) { _ in }
        }
        await loop.perform {
            #expect(population.members.map(\.0.numbers) == [[1], [2]])
            for (_, membership) in population.members { membership.leave() }
        }
        await group.idle()
    }

    @Test func `an event is encoded and framed once for all members`() throws {
        let event = Self.event(7)
        let text = try event.outgoing.get().payload
        #expect(try event.outgoing.get().payload.storage === text.storage)
        #expect(text == Bytes(#"{"number":7}"#))
        var made = 0
        for _ in 0..<3 {
            _ = event.frame(12) {
                made += 1
                return Bytes("x")
            }
        }
        #expect(made == 1)
    }
}
