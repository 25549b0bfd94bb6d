import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers

/// A presence view that a test drives: deltas and snapshots go in, updates come out as JSON.
private struct ViewScript {
    var view: PresenceView
    private(set) var lines: [String] = []
    private(set) var read: Int?
    private(set) var wantsTick = false

    init(upTo limit: Int = 100) { view = PresenceView(limit: limit) }

    /// A view that knows `members` at `version`.
    init(upTo limit: Int = 100, knows members: [String], at version: UInt64, count: Int? = nil) {
        self.init(upTo: limit)
        take(view.began())
        snapshot(members, at: version, count: count)
    }

    private mutating func take(_ outcome: PresenceView.Outcome) {
        lines += outcome.updates.map { String(decoding: $0.json, as: UTF8.self) }
        if let number = outcome.read { read = number }
        wantsTick = wantsTick || outcome.wantsTick
    }

    mutating func began() { take(view.began()) }
    mutating func apply(_ delta: PresenceDelta) { take(view.apply(delta)) }
    mutating func withhold() { take(view.withhold()) }

    mutating func tick() {
        wantsTick = false
        take(view.tick())
    }

    mutating func fail() {
        if let read { take(view.failed(read: read)) }
        read = nil
    }

    mutating func snapshot(_ members: [String], at version: UInt64, count: Int? = nil, read number: Int? = nil) {
        guard let number = number ?? read else { return }
        read = nil
        take(
            view.apply(
                PresenceSnapshot(version: version, count: count ?? members.count, members: members.map(record)),
                read: number))
    }

    /// Returns the updates since the last call.
    mutating func take() -> [String] {
        defer { lines = [] }
        return lines
    }
}

/// `Ann` or `Ann=2`.
private func record(_ text: String) -> PresenceRecord {
    let parts = text.split(separator: "=")
    return PresenceRecord(key: String(parts[0]), meta: Bytes(parts.count > 1 ? String(parts[1]) : "1"))
}

private func delta(
    _ since: UInt64, _ version: UInt64, joins: [String] = [], leaves: [String] = [], updates: [String] = [], count: Int
) -> PresenceDelta {
    PresenceDelta(
        since: since, version: version, joins: joins.map(record), leaves: leaves, updates: updates.map(record),
        count: count)
}

@Suite struct PresenceViewTests {
    @Test func `a view reads a snapshot without sending an update, then sends the changes that follow`() {
        var script = ViewScript()
        script.began()
        #expect(script.read == 1 && !script.view.isKnown)
        script.snapshot(["Ann"], at: 5)
        #expect(script.view.isKnown && script.take() == [])
        #expect(
            String(decoding: script.view.state.json, as: UTF8.self)
                == #"{"type":"presence.state","count":1,"isExact":true,"members":{"Ann":1}}"#)
        script.apply(delta(5, 6, joins: ["Bob=2"], count: 2))
        script.apply(delta(6, 9, updates: ["Bob=3"], count: 2))
        script.apply(delta(9, 10, leaves: ["Bob"], count: 1))
        #expect(
            script.take() == [
                #"{"type":"presence.diff","joins":{"Bob":2},"leaves":{},"updates":{},"count":2}"#,
                #"{"type":"presence.diff","joins":{},"leaves":{},"updates":{"Bob":3},"count":2}"#,
                #"{"type":"presence.diff","joins":{},"leaves":{"Bob":3},"updates":{},"count":1}"#,
            ])
        #expect(script.read == nil && !script.wantsTick)
    }

    @Test func `changes that arrive during a snapshot read are sent after it, unless the snapshot includes them`() {
        var script = ViewScript()
        script.began()
        script.apply(delta(6, 7, joins: ["Cleo"], count: 3))
        script.apply(delta(5, 6, joins: ["Bob"], count: 2))
        script.snapshot(["Ann", "Bob"], at: 6)
        #expect(
            script.take() == [#"{"type":"presence.diff","joins":{"Cleo":1},"leaves":{},"updates":{},"count":3}"#])
        #expect(script.view.members.keys.map(\.text).sorted() == ["Ann", "Bob", "Cleo"])
    }

    @Test func `a duplicate change is sent once`() {
        var script = ViewScript(knows: ["Ann"], at: 5)
        for _ in 0..<2 { script.apply(delta(5, 6, joins: ["Bob"], count: 2)) }
        #expect(script.take().count == 1 && script.read == nil)
    }

    @Test func `if a version is missing, the difference to the next snapshot is sent`() {
        var script = ViewScript(knows: ["Ann", "Bob"], at: 5)
        script.apply(delta(6, 7, joins: ["Dora"], count: 3))
        #expect(script.read == 2 && script.take() == [])
        script.snapshot(["Bob=2", "Cleo"], at: 6)
        #expect(
            script.take() == [
                #"{"type":"presence.diff","joins":{"Cleo":1},"leaves":{"Ann":1},"updates":{"Bob":2},"count":2}"#,
                #"{"type":"presence.diff","joins":{"Dora":1},"leaves":{},"updates":{},"count":3}"#,
            ])
    }

    @Test func `a restarted watch reads a new snapshot and ignores one requested earlier`() {
        var script = ViewScript(knows: ["Ann"], at: 5)
        script.began()
        script.began()
        script.snapshot(["Ann", "Old"], at: 6, read: 2)
        #expect(script.take() == [])
        // The newest snapshot counts, even with a lower version: the layer has lost data.
        script.snapshot([], at: 2, read: 3)
        #expect(
            script.take() == [#"{"type":"presence.diff","joins":{},"leaves":{"Ann":1},"updates":{},"count":0}"#])
        script.apply(delta(2, 3, joins: ["Bob"], count: 1))
        #expect(script.view.members.keys.map(\.text).sorted() == ["Bob"])
    }

    @Test func `two Unicode spellings of one letter are two keys, as in stores and browsers`() {
        var ledger = PresenceLedger()
        var script = ViewScript(knows: [], at: 0)
        for (number, key) in ["Zo\u{EB}", "Zoe\u{308}"].enumerated() {
            let entry = PresenceEntry(group: "room", number: UInt64(number), record: record(key))
            if let delta = ledger.enter(entry) { script.apply(delta) }
        }
        #expect(script.take().count == 2 && script.view.count == 2 && script.read == nil)
    }

    @Test func `a change whose count does not add up causes a new read`() {
        var script = ViewScript(knows: ["Ann"], at: 5)
        script.apply(delta(5, 6, joins: ["Bob"], count: 3))
        #expect(script.read == 2 && script.take() == [])
    }

    @Test func `a failed snapshot read is retried on the next tick`() {
        var script = ViewScript()
        script.began()
        script.fail()
        #expect(script.wantsTick)
        script.tick()
        #expect(script.read == 2)
        script.snapshot(["Ann"], at: 1)
        #expect(script.view.isKnown)
    }

    // MARK: Large groups

    @Test func `above the limit, a sample is sent once, then the count on each tick if it changed`() {
        var script = ViewScript(upTo: 2, knows: ["Ann", "Bob"], at: 1)
        script.apply(delta(1, 2, joins: ["Cleo"], count: 3))
        #expect(
            script.take() == [
                #"{"type":"presence.state","count":3,"isExact":false,"members":{"Ann":1,"Bob":1}}"#
            ])
        script.apply(delta(2, 3, joins: ["Dora"], count: 4))
        script.apply(delta(3, 4, joins: ["Eve"], count: 5))
        #expect(script.take() == [] && script.wantsTick)
        script.tick()
        #expect(script.take() == [#"{"type":"presence.count","count":5}"#])
        script.tick()
        #expect(script.take() == [] && !script.wantsTick)
        // A member that leaves makes room in the sample.
        script.apply(delta(4, 5, leaves: ["Ann"], count: 4))
        script.apply(delta(5, 6, joins: ["Zoe"], count: 5))
        #expect(script.view.members.keys.map(\.text).sorted() == ["Bob", "Zoe"])
    }

    @Test func `a count is sent again if a follower that joined meanwhile received another one`() {
        var script = ViewScript(upTo: 2, knows: ["Ann", "Bob"], at: 1, count: 4)
        script.apply(delta(1, 2, joins: ["Cleo"], count: 5))
        #expect(
            String(decoding: script.view.introduce().json, as: UTF8.self)
                == #"{"type":"presence.state","count":5,"isExact":false,"members":{"Ann":1,"Bob":1}}"#)
        script.apply(delta(2, 3, leaves: ["Cleo"], count: 4))
        script.tick()
        #expect(script.take() == [#"{"type":"presence.count","count":4}"#])
    }

    @Test func `back at the limit, all members are read and the full state is sent`() {
        var script = ViewScript(upTo: 2, knows: ["Ann", "Bob"], at: 7, count: 3)
        #expect(!script.view.isExact)
        script.apply(delta(7, 8, leaves: ["Ann"], count: 2))
        #expect(script.take() == [] && script.read == nil)
        script.tick()
        #expect(script.read == 2)
        script.snapshot(["Bob", "Cleo"], at: 8)
        #expect(
            script.take() == [#"{"type":"presence.state","count":2,"isExact":true,"members":{"Bob":1,"Cleo":1}}"#])
        script.apply(delta(8, 9, leaves: ["Bob"], count: 1))
        #expect(script.take().count == 1)
    }

    @Test func `with a limit of 0, only the count is sent`() {
        var script = ViewScript(upTo: 0, knows: [], at: 0)
        script.apply(delta(0, 1, joins: ["Ann"], count: 1))
        #expect(script.take() == [#"{"type":"presence.state","count":1,"isExact":false,"members":{}}"#])
    }

    @Test func `after a withheld update, the full state is sent`() {
        var script = ViewScript(knows: ["Ann"], at: 5)
        script.withhold()
        script.apply(delta(5, 6, joins: ["Bob"], count: 2))
        #expect(script.take() == [] && script.wantsTick)
        script.tick()
        #expect(
            script.take() == [#"{"type":"presence.state","count":2,"isExact":true,"members":{"Ann":1,"Bob":1}}"#])
    }

    @Test func `if too many changes arrive before a snapshot, the view reads another one`() {
        var script = ViewScript()
        script.began()
        for version in 1...2000 as ClosedRange<UInt64> {
            script.apply(delta(version - 1, version, joins: ["\(version)"], count: Int(version)))
        }
        script.snapshot([], at: 0)
        #expect(script.read == 2)
    }

    // MARK: At random

    /// Sends random changes to a view, some of them lost, duplicated or reordered, and snapshots that fail or arrive
    /// late. The updates always add up to the view. After a last snapshot, the view matches the ledger.
    @Test(arguments: Seeds(60))
    func `the updates add up to the view despite lost, duplicate or reordered changes`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = [0, 1, 5, 8, 100].randomElement(using: &random)!
        let isLossy = Bool.random(using: &random)
        var ledger = PresenceLedger()
        var entries: [PresenceEntry] = []
        var view = PresenceView(limit: limit)
        /// The lists of two followers, the second of which starts over now and then.
        var followers: [ToldList?] = [nil, nil]
        var onTheWay: [PresenceDelta] = []
        var snapshots: [(PresenceSnapshot, Int)] = []
        var number: UInt64 = 0
        var wantsTick = false

        func take(_ outcome: PresenceView.Outcome) {
            for update in outcome.updates {
                // Now and then there is no room for an update. The rest of the step is then withheld, too.
                if Int.random(in: 0..<40, using: &random) == 0 {
                    wantsTick = view.withhold().wantsTick || wantsTick
                    break
                }
                for index in followers.indices { followers[index]?.apply(update, seed) }
            }
            wantsTick = wantsTick || outcome.wantsTick
            if let read = outcome.read {
                snapshots.append((ledger.snapshot(of: "room", exactUpTo: limit, sample: view.sample), read))
            }
        }

        /// Ticks only if the view requested it, so that the test notices a missing request.
        func tick() {
            guard wantsTick else { return }
            wantsTick = false
            take(view.tick())
        }

        func follow() {
            guard view.isKnown else { return }
            for index in followers.indices
            where followers[index] == nil || index == 1 && Int.random(in: 0..<20, using: &random) == 0 {
                followers[index] = ToldList(view.introduce())
            }
        }

        take(view.began())
        for _ in 0..<600 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<35:
                number += 1
                let record = record(
                    "\(Int.random(in: 0..<12, using: &random))=\(Int.random(in: 0..<3, using: &random))")
                entries.append(PresenceEntry(group: "room", number: number, record: record))
                if let delta = ledger.enter(entries.last!) { onTheWay.append(delta) }
            case 35..<60:
                guard let entry = entries.popLast(at: &random) else { continue }
                if let delta = ledger.leave([entry.number], of: "room") { onTheWay.append(delta) }
            case 60..<65:
                // A process ends.
                let gone = entries.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
                entries.removeAll { gone.contains($0) }
                if let delta = ledger.leave(gone.map(\.number), of: "room") { onTheWay.append(delta) }
            case 65..<90:
                guard !onTheWay.isEmpty else { continue }
                let index = isLossy ? Int.random(in: 0..<min(3, onTheWay.count), using: &random) : 0
                let delta = onTheWay[index]
                if !isLossy || Int.random(in: 0..<10, using: &random) > 0 { onTheWay.remove(at: index) }
                if !isLossy || Int.random(in: 0..<10, using: &random) > 0 { take(view.apply(delta)) }
            case 90..<95:
                guard let (snapshot, read) = snapshots.first else { continue }
                snapshots.removeFirst()
                if Int.random(in: 0..<5, using: &random) == 0 {
                    take(view.failed(read: read))
                } else {
                    take(view.apply(snapshot, read: read))
                }
            case 95..<99: tick()
            default: if isLossy { take(view.began()) }
            }
            follow()
        }
        // All remaining changes arrive, then the watch begins again.
        for delta in onTheWay { take(view.apply(delta)) }
        take(view.began())
        while wantsTick || !snapshots.isEmpty {
            if let (snapshot, read) = snapshots.popLast() { take(view.apply(snapshot, read: read)) }
            tick()
        }
        follow()
        for follower in followers {
            #expect(follower?.isExact == view.isExact && follower?.count == view.count, "seed \(seed)")
            if view.isExact { #expect(follower?.members == view.members, "seed \(seed)") }
        }
        let truth = ledger.snapshot(of: "room", exactUpTo: limit, sample: .max)
        #expect(view.count == truth.count && view.isExact == (truth.count <= limit), "seed \(seed)")
        if view.isExact {
            #expect(Set(view.members.values) == Set(truth.members), "seed \(seed)")
        } else {
            #expect(Set(view.members.values).isSubset(of: truth.members) && view.members.count <= view.sample)
        }
    }
}

/// A follower's list, built from the updates it receives.
private struct ToldList {
    private(set) var count = 0
    private(set) var members: [PresenceKey: PresenceRecord] = [:]
    private(set) var isExact = true

    init(_ state: PresenceView.Report) { apply(state, 0) }

    mutating func apply(_ update: PresenceView.Report, _ seed: UInt64) {
        switch update {
        case .state(let count, let members, let isExact):
            self.count = count
            self.members = Dictionary(uniqueKeysWithValues: members.map { ($0.id, $0) })
            self.isExact = isExact
        case .many(let count): self.count = count
        case .diff(let joins, let leaves, let updates, let count):
            self.count = count
            for record in joins {
                #expect(members[record.id] == nil, "\(record.key) joined twice, seed \(seed)")
                members[record.id] = record
            }
            for record in leaves {
                #expect(members[record.id] == record, "\(record.key) left, but was not in the list, seed \(seed)")
                members[record.id] = nil
            }
            for record in updates {
                #expect(members[record.id] != nil, "\(record.key) is unknown, seed \(seed)")
                members[record.id] = record
            }
        }
    }
}

extension [PresenceEntry] {
    fileprivate mutating func popLast(at random: inout SeededGenerator) -> PresenceEntry? {
        indices.randomElement(using: &random).map { remove(at: $0) }
    }
}
