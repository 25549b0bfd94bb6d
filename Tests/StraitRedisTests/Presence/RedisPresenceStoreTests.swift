import RedisServers
import StraitCore
import StraitLayers
import StraitTesting
import Testing

@testable import StraitRedis

@Suite(.timeLimit(.minutes(20))) struct PresenceInRedis {
    @Test func `a member that enters in one process appears in the other, announced once`() async throws {
        let place = try await RedisPlace()
        let (one, other) = (PresenceProcess(place), PresenceProcess(place))
        other.watch()
        try await eventually("the watch began") { other.told == ["began"] }
        let first = try await one.enter("Ann", #"{"hue":1}"#)
        let second = try await other.enter("Ann", #"{"hue":2}"#)
        _ = try await other.enter("Bob")
        #expect(try await one.here() == ["Ann": #"{"hue":2}"#, "Bob": "1"])
        one.store.leave(first)
        other.store.leave(second)
        try await eventually("Ann has left") { other.told.last == "-Ann" }
        #expect(other.told == ["began", "+Ann", "~Ann", "+Bob", "-Ann"])
        #expect(try await one.here() == ["Bob": "1"])
    }

    @Test func `a key's metadata changes only when an update of an entry changes it`() async throws {
        let place = try await RedisPlace()
        let (one, other) = (PresenceProcess(place), PresenceProcess(place))
        other.watch()
        try await eventually("the watch began") { other.told == ["began"] }
        var entry = try await one.enter("Ann", "1")
        try await one.store.update(entry)
        entry.record = PresenceRecord(key: "Ann", meta: "2")
        try await one.store.update(entry)
        try await eventually("the change is announced") { other.told == ["began", "+Ann", "~Ann"] }
        #expect(try await other.here() == ["Ann": "2"])
    }

    @Test func `the members of a killed process leave, announced once to each watcher`() async throws {
        let place = try await RedisPlace()
        let killed = PresenceProcess(place, lease: .seconds(2))
        let (one, other) = (PresenceProcess(place), PresenceProcess(place))
        one.watch()
        other.watch()
        try await eventually("the watches began") { one.told == ["began"] && other.told == ["began"] }
        for number in 0..<5 { _ = try await killed.enter("gone-\(number)") }
        _ = try await one.enter("here")
        killed.kill()
        try await eventually("all have left") { try await other.here() == ["here": "1"] }
        try await eventually("the change is announced") { one.told.count == 12 && other.told.count == 12 }
        for process in [one, other] {
            #expect(Set(process.told[7...]) == Set((0..<5).map { "-gone-\($0)" }))
        }
    }

    @Test func `members and watches are restored after a server restart`() async throws {
        let place = try await RedisPlace(RedisServer())
        let (one, other) = (PresenceProcess(place), PresenceProcess(place))
        other.watch()
        try await eventually("the watch began") { other.told == ["began"] }
        _ = try await one.enter("Ann")
        _ = try await other.enter("Bob")
        await place.server.crash()
        try await place.server.start()
        try await eventually("both are there again", within: .seconds(600)) {
            (try? await other.here()) == ["Ann": "1", "Bob": "1"]
        }
        try await eventually("the watch began again") { other.told.count { $0 == "began" } == 2 }
        #expect(!other.told.contains("-Ann") && one.told.isEmpty)
    }

    @Test func `a living process that was considered dead enters its members again`() async throws {
        let place = try await RedisPlace()
        let (one, other) = (PresenceProcess(place), PresenceProcess(place))
        _ = try await one.enter("Ann")
        // As if the process had been stopped for longer than its lease.
        try await place.redis(
            "DEL", .string("\(place.prefix):presence:metas:room"), .string("\(place.prefix):presence:processes"))
        try await eventually("Ann enters again") { try await other.here() == ["Ann": "1"] }
        #expect(one.told.isEmpty)
    }

    @Test func `a large group is reported as a count and a sample`() async throws {
        let place = try await RedisPlace()
        let process = PresenceProcess(place)
        for number in 0..<150 { _ = try await process.enter("key-\(number)") }
        let snapshot = try await process.store.snapshot(of: "room", exactUpTo: 100, sample: 25)
        #expect(snapshot.count == 150 && Set(snapshot.members.map(\.key)).count == 25)
    }

    @Test func `only the group's version remains in Redis when all members have left`() async throws {
        let place = try await RedisPlace()
        let process = PresenceProcess(place)
        let entry = try await process.enter("Ann")
        process.store.leave(entry)
        try await eventually("no member is present") { try await process.here() == [:] }
        process.store.close {}
        // The version remains for a day, for watchers.
        try await eventually("only the version is kept") {
            try await place.keys == ["\(place.prefix):presence:version:room"]
        }
    }

    @Test(arguments: Seeds(8)) func `Redis contains all changes, and a watcher gets all of them in order`(
        _ seed: UInt64
    ) async throws {
        try await checkRandomSteps(seed, in: RedisPlace())
    }

    @Test(arguments: Seeds(4)) func `a watcher that loses its connection restarts, and then misses no change`(
        _ seed: UInt64
    ) async throws {
        try await checkRandomSteps(seed, in: RedisPlace(RedisServer()), losesConnections: true)
    }

    private func checkRandomSteps(_ seed: UInt64, in place: RedisPlace, losesConnections: Bool = false) async throws {
        var random = SeededGenerator(seed: seed)
        let processes = (0..<3).map { _ in PresenceProcess(place, databases: 2) }
        let probes = (0..<2).map { RedisProbe(place.server, database: $0) }
        let watcher = processes[0]
        watcher.watch("a")
        try await eventually("the watch began") { watcher.told == ["began"] }
        var ledger = PresenceLedger()
        var entries: [(process: Int, entry: PresenceEntry, number: UInt64)] = []
        var told: [String] = []
        for step in 0..<60 {
            if losesConnections, step % 20 == 10 {
                let beginnings = watcher.told.count { $0 == "began" }
                try await place.redis("CLIENT", "KILL", "TYPE", "pubsub")
                if Bool.random(using: &random) {
                    try await eventually("the watch began again") {
                        watcher.told.count { $0 == "began" } > beginnings
                    }
                }
            }
            let group = random.pick(["a", "b"])
            var delta: PresenceDelta?
            var isOfA = group == "a"
            switch Int.random(in: 0..<3, using: &random) {
            case 1 where !entries.isEmpty:
                let (process, entry, number) = entries.remove(at: .random(in: 0..<entries.count, using: &random))
                processes[process].store.leave(entry)
                // A leave is sent in the loop's turn, and the next change must follow it.
                delta = ledger.leave([number], of: entry.group)
                isOfA = entry.group == "a"
                try await eventually("the entry is removed") {
                    try await probes[ShardHash.shard(of: entry.group, among: 2)](
                        "HEXISTS", .string("\(place.prefix):presence:entries:\(entry.group)"),
                        .string(processes[process].store.field(entry))) == .integer(0)
                }
            default:
                let (process, key) = (
                    Int.random(in: 0..<3, using: &random), "k\(Int.random(in: 0..<4, using: &random))"
                )
                let entry = try await processes[process].enter(key, Bytes("\(step % 3)"), of: group)
                entries.append((process, entry, UInt64(step)))
                delta = ledger.enter(PresenceEntry(group: group, number: UInt64(step), record: entry.record))
            }
            if isOfA, let delta {
                told += delta.joins.map { "+\($0.key)" } + delta.leaves.map { "-\($0)" }
                told += delta.updates.map { "~\($0.key)" }
            }
        }
        for group in ["a", "b"] {
            let expected = ledger.snapshot(of: group, exactUpTo: 100, sample: 10)
            let found = try await watcher.store.snapshot(of: group, exactUpTo: 100, sample: 10)
            #expect(Set(found.members) == Set(expected.members) && found.count == expected.count)
        }
        try await eventually("\(watcher.told) follows from \(told)") { Self.isTold(told, by: watcher.told) }
        if losesConnections { #expect(watcher.told.count { $0 == "began" } > 1) }
    }

    /// Whether a watcher that received `told` knows all of `changes`. After each beginning it received every change,
    /// in order, until it lost its connection. Changes may be missing only before another beginning, because a
    /// subscriber then reads the whole group.
    private static func isTold(_ changes: [String], by told: [String]) -> Bool {
        var rest = changes[...]
        let stretches = told.split(separator: "began", omittingEmptySubsequences: false).dropFirst()
        for (index, stretch) in stretches.enumerated() {
            if index == stretches.count - 1, index > 0 { return rest.reversed().starts(with: stretch.reversed()) }
            if index > 0 {
                while !rest.starts(with: stretch), !rest.isEmpty { rest.removeFirst() }
            }
            guard rest.starts(with: stretch) else { return false }
            rest = rest.dropFirst(stretch.count)
        }
        return stretches.count == 1 && rest.isEmpty
    }
}
