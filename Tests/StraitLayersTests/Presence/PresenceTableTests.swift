import StraitCore
import StraitTesting
import Synchronization
import Testing

@testable import StraitLayers

/// A follower of a group's presence that records the updates it receives. Loop-bound, except for `take()` and `here`.
///
/// SAFETY: `@unchecked Sendable` is sound because everything else is accessed only on its loop.
private final class Follower: GroupMember, @unchecked Sendable {
    let loop: EventLoop
    private let told = Mutex<[String]>([])
    private var following: PresenceSubscription?
    private let list = Mutex(PresenceList<Int>())

    init(_ loop: EventLoop) { self.loop = loop }

    /// Returns the updates recorded since the last call.
    func take() -> [String] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }

    /// The list that results from all updates.
    var here: PresenceList<Int> { list.withLock { $0 } }

    func deliver(_ batch: EventBatch, _ membership: Membership) {
        for event in batch.events { keep(event) }
    }

    private func keep(_ event: LayerEvent) {
        guard let event = event.attachment as? PresenceView.SharedReport else { return }
        told.withLock { $0.append(Self.line(event.update)) }
        list.withLock { $0.apply(event.change(Int.self).change) }
    }

    private static func line(_ update: PresenceView.Report) -> String {
        func names(_ records: [PresenceRecord]) -> String {
            records.map { "\($0.key)=\(String(decoding: $0.meta, as: UTF8.self))" }.joined(separator: " ")
        }
        return switch update {
        case .state(let count, let members, let isExact): "\(isExact ? "all" : "some") of \(count): \(names(members))"
        case .many(let count): "\(count)"
        case .diff(let joins, let leaves, let updates, let count):
            "+[\(names(joins))] -[\(names(leaves))] ~[\(names(updates))] \(count)"
        }
    }

    /// Starts to follow a group, or records the error. The result is there when the loops are idle.
    func follow(_ group: String, in table: PresenceTable, upTo limit: Int = 100) async {
        await loop.perform { [self] in
            let watch = table.watch(group, exactUpTo: limit, from: loop)
            watch.whenKnown { [self] error in
                loop.execute { [self] in
                    if let error {
                        told.withLock { $0.append("failed: \(error)") }
                        return watch.release(from: loop)
                    }
                    let (following, first) = watch.join(self, on: loop, mode: .dispatch)
                    self.following = following
                    keep(first)
                }
            }
        }
    }

    func unfollow() async {
        await loop.perform { [self] in
            following?.end()
            following = nil
        }
    }
}

@Suite struct PresenceTableTests {
    private let clock = ManualClock(loops: 2)
    private let shared = SharedPresence()

    private var loops: [EventLoop] { clock.group.loops }

    /// Returns the presence table of a process.
    private func process(_ number: UInt64) -> PresenceTable {
        PresenceTable(shared.store(number), groups: GroupTable(), expiry: .seconds(60), time: clock.time)
    }

    private func enter(_ table: PresenceTable, _ key: String, _ meta: Int = 1) async throws -> PresenceEntry {
        let entry = table.entry("room", try PresenceRecord(key, encoding: meta))
        try await table.enter(entry)
        return entry
    }

    private func follower(_ table: PresenceTable, loop: Int = 0, upTo limit: Int = 100) async -> Follower {
        let follower = Follower(loops[loop])
        await follower.follow("room", in: table, upTo: limit)
        await clock.idle()
        return follower
    }

    @Test func `a follower in one process receives the joins, updates and leaves of another`() async throws {
        let (one, two) = (process(1), process(2))
        _ = try await enter(one, "Ann")
        let follower = await follower(two)
        let bob = try await enter(one, "Bob")
        var new = bob
        new.record = try PresenceRecord("Bob", encoding: 2)
        try await one.update(new)
        one.leave(bob)
        await clock.idle()
        #expect(
            follower.take() == [
                "all of 1: Ann=1", "+[Bob=1] -[] ~[] 2", "+[] -[] ~[Bob=2] 2", "+[] -[Bob=2] ~[] 1",
            ])
    }

    @Test func `a key joins with its first entry and leaves with its last, across processes`() async throws {
        let (one, two) = (process(1), process(2))
        let follower = await follower(two)
        let first = try await enter(one, "Ann")
        let second = try await enter(two, "Ann")
        let third = try await enter(two, "Ann", 2)
        one.leave(first)
        two.leave(third)
        two.leave(third)
        await clock.idle()
        #expect(follower.take() == ["all of 0: ", "+[Ann=1] -[] ~[] 1", "+[] -[] ~[Ann=2] 1"])
        two.leave(second)
        await clock.idle()
        #expect(follower.take() == ["+[] -[Ann=2] ~[] 0"])
    }

    @Test func `the members of a killed process leave once, in one diff`() async throws {
        let (one, two) = (process(1), process(2))
        for name in ["Ann", "Bob", "Cleo"] { _ = try await enter(one, name) }
        _ = try await enter(two, "Cleo")
        let follower = await follower(two)
        shared.kill(1)
        shared.kill(1)
        await clock.idle()
        #expect(follower.take() == ["all of 3: Ann=1 Bob=1 Cleo=1", "+[] -[Ann=1 Bob=1] ~[] 1"])
    }

    @Test func `after a reconnection, followers receive the missed changes as one diff`() async throws {
        let (one, two) = (process(1), process(2))
        let ann = try await enter(one, "Ann")
        let follower = await follower(two)
        shared.disconnect(2)
        one.leave(ann)
        _ = try await enter(one, "Bob")
        await clock.idle()
        #expect(follower.take() == ["all of 1: Ann=1"])
        shared.reconnect(2)
        await clock.idle()
        #expect(follower.take() == ["+[Bob=1] -[Ann=1] ~[] 1"])
    }

    @Test func `a change that follows missed ones makes a process read a new snapshot`() async throws {
        let (one, two) = (process(1), process(2))
        let follower = await follower(two)
        shared.disconnect(2)
        _ = try await enter(one, "Ann")
        await clock.idle()
        shared.hear(2)
        _ = try await enter(one, "Bob")
        await clock.idle()
        #expect(follower.here == PresenceList(count: 2, members: ["Ann": 1, "Bob": 1]))
    }

    @Test func `a process watches and reads a group once for all followers, until the last one leaves`() async throws {
        let table = process(1)
        _ = try await enter(table, "Ann")
        var followers: [Follower] = []
        for index in 0..<10 {
            let follower = Follower(loops[index % 2])
            await follower.follow("room", in: table)
            followers.append(follower)
        }
        await clock.idle()
        #expect(followers.allSatisfy { $0.take() == ["all of 1: Ann=1"] })
        #expect(shared.snapshots == 1 && table.watchCount == 1)
        for follower in followers { await follower.unfollow() }
        #expect(table.watchCount == 0 && table.groups.count == 0)
        _ = try await enter(table, "Bob")
        let again = await follower(table)
        #expect(again.take() == ["all of 2: Ann=1 Bob=1"])
    }

    @Test func `following fails with the store's error, and the next follower tries again`() async throws {
        struct Away: Error, CustomStringConvertible { let description = "away" }
        let table = process(1)
        shared.fail(Away())
        let early = await follower(table)
        #expect(early.take() == ["failed: away"] && table.watchCount == 0)
        shared.fail(nil)
        let late = await follower(table)
        #expect(late.take() == ["all of 0: "])
        // An existing follower keeps its list during an outage, and receives the difference afterwards.
        shared.fail(Away())
        shared.reconnect(1)
        await clock.idle()
        _ = try await enter(table, "Ann")
        await clock.advance(by: .seconds(3))
        #expect(late.take() == [])
        shared.disconnect(1)
        shared.fail(nil)
        await clock.advance(by: .seconds(1))
        #expect(late.take() == ["+[Ann=1] -[] ~[] 1"])
    }

    @Test func `an in-memory store removes a group without members and watchers`() async throws {
        let store = MemoryPresenceStore()
        let table = PresenceTable(store, groups: GroupTable(), expiry: .seconds(60), time: clock.time)
        let follower = await follower(table)
        let ann = try await enter(table, "Ann")
        table.leave(ann)
        let bob = try await enter(table, "Bob")
        await clock.idle()
        #expect(
            follower.take() == ["all of 0: ", "+[Ann=1] -[] ~[] 1", "+[] -[Ann=1] ~[] 0", "+[Bob=1] -[] ~[] 1"])
        await follower.unfollow()
        #expect(store.count == 1)
        table.leave(bob)
        #expect(store.count == 0)
    }

    // MARK: Large groups

    @Test func `followers of a large group receive only its count, at most once a second`() async throws {
        let table = process(1)
        let follower = await follower(table, upTo: 3)
        var entries: [PresenceEntry] = []
        for index in 0..<3 { entries.append(try await enter(table, "\(index)")) }
        await clock.idle()
        #expect(follower.take().count == 4)
        for index in 3..<10 { entries.append(try await enter(table, "\(index)")) }
        await clock.idle()
        #expect(follower.take() == ["some of 4: 0=1 1=1 2=1"])
        await clock.advance(by: .seconds(1))
        #expect(follower.take() == ["10"])
        await clock.advance(by: .seconds(5))
        #expect(follower.take() == [])
        for _ in 0..<5 {
            table.leave(entries.removeLast())
            await clock.advance(by: .milliseconds(400))
        }
        #expect(follower.take() == ["7"])
        for _ in 0..<2 { table.leave(entries.removeLast()) }
        await clock.advance(by: .seconds(1))
        #expect(follower.take() == ["all of 3: 0=1 1=1 2=1"])
        table.leave(entries.removeLast())
        await clock.idle()
        #expect(follower.take() == ["+[] -[2=1] ~[] 2"])
    }

    @Test func `counts continue after the loop with the timer loses its last follower`() async throws {
        let table = process(1)
        let (first, second) = (await follower(table, upTo: 0), await follower(table, loop: 1, upTo: 0))
        _ = try await enter(table, "Ann")
        _ = try await enter(table, "Bob")
        await clock.idle()
        #expect(second.take().last == "some of 1: ")
        await first.unfollow()
        await clock.advance(by: .seconds(1))
        #expect(second.take() == ["2"])
    }

    @Test func `a follower on a blocked loop receives the full state when its inbox has room again`() async throws {
        let table = process(1)
        let follower = await follower(table)
        let meta = String(repeating: "x", count: 4000)
        let gate = Gate()
        loops[0].execute { gate.wait() }
        var entries: [PresenceEntry] = []
        for index in 0..<4000 {
            let entry = table.entry("room", try PresenceRecord("Ann", encoding: "\(index)\(meta)"))
            try await table.enter(entry)
            if let last = entries.popLast() { table.leave(last) }
            entries.append(entry)
        }
        gate.open()
        await clock.idle()
        // The inbox holds eight megabytes. Updates that do not fit are not queued elsewhere.
        #expect(follower.take().count < 2500)
        await clock.advance(by: .seconds(1))
        let last = follower.take()
        #expect(last.count == 1 && last.first?.hasPrefix("all of 1: Ann=\"3999") == true)
    }
}

/// A gate that blocks a thread until it is opened.
private final class Gate: Sendable {
    private let isOpen = Atomic(false)
    func open() { isOpen.store(true, ordering: .relaxed) }
    func wait() { while !isOpen.load(ordering: .relaxed) {} }
}
