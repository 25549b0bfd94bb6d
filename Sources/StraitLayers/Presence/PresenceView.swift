package import StraitCore
import StraitJSON
internal import Synchronization

/// A process's view of the members of a group that it follows. It takes the layer's snapshots and changes, and produces
/// updates for the followers. A value without I/O.
///
/// Changes may be lost, duplicated or reordered. If a version is missing, the view requests a snapshot, and publishes
/// the difference from its previous state. All updates since the first state always add up to the view.
package struct PresenceView: Sendable {
    /// The actions to take after a step.
    package struct Outcome: Sendable, Equatable {
        /// The updates to publish to the followers, in order.
        package var updates: [Report] = []
        /// The number of a snapshot request to make.
        package var read: Int?
        /// Whether to call ``PresenceView/tick()`` after a second.
        package var wantsTick = false
    }

    /// The number of keys up to which every change is published.
    package let limit: Int
    /// The number of members kept in a larger group.
    package var sample: Int { Self.sample(limit) }
    /// Whether a snapshot was received. Before that, the members are unknown.
    package private(set) var isKnown = false
    /// Whether ``members`` is complete and each change is published.
    package private(set) var isExact = true
    package private(set) var count = 0
    /// All members, or a sample.
    package private(set) var members: [PresenceKey: PresenceRecord] = [:]

    private var version: UInt64 = 0
    private var reads = 0
    private var isReading = false
    private var hasFailed = false
    /// The changes received while a snapshot is being read.
    private var early: [PresenceDelta] = []
    /// The number of changes that did not fit into `early`.
    private var missed = 0
    /// Whether followers need a complete state, because an update could not be published to them.
    private var owesState = false
    /// The count that all followers have received; nil if they differ.
    private var toldCount: Int?

    /// The maximum number of changes kept while a snapshot is being read.
    static let mostEarly = 1000

    package static func sample(_ limit: Int) -> Int { min(limit, 25) }

    package init(limit: Int) {
        self.limit = limit
    }

    /// Returns the current state, for a new follower.
    package mutating func introduce() -> Report {
        // The next tick sends the count to all followers, even if it is then the one that the others already have.
        if count != toldCount { toldCount = nil }
        return state
    }

    /// The current members as an update.
    package var state: Report {
        .state(count: count, members: Self.sorted(members.values), isExact: isExact)
    }

    // MARK: From the store

    /// Requests a snapshot, because the watch is established and later changes will be reported.
    package mutating func began() -> Outcome {
        var outcome = Outcome()
        read(&outcome)
        return outcome
    }

    package mutating func apply(_ delta: PresenceDelta) -> Outcome {
        var outcome = Outcome()
        apply(delta, &outcome)
        outcome.wantsTick = isDue
        return outcome
    }

    /// Applies a snapshot. Ignores it if it does not answer the latest request.
    package mutating func apply(_ snapshot: PresenceSnapshot, read number: Int) -> Outcome {
        var outcome = Outcome()
        guard isReading, number == reads else { return outcome }
        isReading = false
        hasFailed = false
        take(snapshot, &outcome)
        let changes = early.sorted { $0.version < $1.version }
        let hasMissed = missed > 0
        early = []
        missed = 0
        // If a version is missing among these, the rest wait for the next snapshot.
        for change in changes { apply(change, &outcome) }
        if hasMissed, !isReading { read(&outcome) }
        outcome.wantsTick = isDue
        return outcome
    }

    /// Notes that a snapshot could not be read. A later tick requests it again.
    package mutating func failed(read number: Int) -> Outcome {
        guard isReading, number == reads else { return Outcome() }
        hasFailed = true
        return Outcome(wantsTick: true)
    }

    /// Treats the pending snapshot request as failed, because its loop may end without an answer.
    package mutating func abandon() -> Outcome { failed(read: reads) }

    // MARK: From the clock and the followers

    /// Publishes pending updates. Called a second after an outcome requested a tick.
    package mutating func tick() -> Outcome {
        var outcome = Outcome()
        if isReading {
            if hasFailed { read(&outcome) }
        } else if owesState {
            owesState = false
            tell(state, &outcome)
        } else if !isExact, count <= limit {
            read(&outcome)
        } else if !isExact, count != toldCount {
            tell(.many(count: count), &outcome)
        }
        outcome.wantsTick = isDue
        return outcome
    }

    /// Notes that an update could not be published. The followers get a complete state later.
    package mutating func withhold() -> Outcome {
        owesState = true
        return Outcome(wantsTick: isDue)
    }

    // MARK: Implementation

    /// Whether a tick is needed. While a snapshot is being read, its arrival decides instead.
    private var isDue: Bool {
        if isReading { return hasFailed }
        return owesState || !isExact && (count <= limit || count != toldCount)
    }

    private mutating func read(_ outcome: inout Outcome) {
        reads += 1
        isReading = true
        hasFailed = false
        outcome.read = reads
    }

    private mutating func tell(_ update: Report, _ outcome: inout Outcome) {
        // The followers will get a complete state soon.
        if owesState { return }
        toldCount = count
        outcome.updates.append(update)
    }

    private mutating func apply(_ delta: PresenceDelta, _ outcome: inout Outcome) {
        if isReading {
            if early.count < Self.mostEarly { early.append(delta) } else { missed += 1 }
        } else if delta.version <= version {
            // A duplicate, or already part of the snapshot.
        } else if delta.since != version {
            early = [delta]
            read(&outcome)
        } else if isExact {
            applyExactly(delta, &outcome)
        } else {
            applyToSample(delta)
        }
    }

    private mutating func applyExactly(_ delta: PresenceDelta, _ outcome: inout Outcome) {
        let leaves = delta.leaves.compactMap { members[PresenceKey($0)] }
        let said = delta.joins + delta.updates
        let joins = said.filter { members[$0.id] == nil }
        let updates = said.filter { record in members[record.id].map { $0 != record } ?? false }
        // If the counts do not match, read a new snapshot.
        guard members.count + joins.count - leaves.count == delta.count else { return read(&outcome) }
        version = delta.version
        count = delta.count
        for record in leaves { members[record.id] = nil }
        for record in said { members[record.id] = record }
        if count > limit {
            isExact = false
            shorten()
            tell(state, &outcome)
        } else {
            tell(joins: joins, leaves: leaves, updates: updates, &outcome)
        }
    }

    /// Replaces the members with `after`, and publishes the difference.
    private mutating func become(_ after: [PresenceKey: PresenceRecord], _ outcome: inout Outcome) {
        let before = members
        members = after
        count = after.count
        tell(
            joins: after.values.filter { before[$0.id] == nil }, leaves: before.values.filter { after[$0.id] == nil },
            updates: after.values.filter { record in before[record.id].map { $0 != record } ?? false }, &outcome)
    }

    private mutating func tell(
        joins: [PresenceRecord], leaves: [PresenceRecord], updates: [PresenceRecord], _ outcome: inout Outcome
    ) {
        if joins.isEmpty, leaves.isEmpty, updates.isEmpty { return }
        tell(
            .diff(
                joins: Self.sorted(joins), leaves: Self.sorted(leaves), updates: Self.sorted(updates), count: count),
            &outcome)
    }

    private mutating func applyToSample(_ delta: PresenceDelta) {
        version = delta.version
        count = delta.count
        for key in delta.leaves { members[PresenceKey(key)] = nil }
        for record in delta.updates where members[record.id] != nil { members[record.id] = record }
        for record in delta.joins where members.count < sample { members[record.id] = record }
    }

    private mutating func take(_ snapshot: PresenceSnapshot, _ outcome: inout Outcome) {
        version = snapshot.version
        let after = Dictionary(snapshot.members.map { ($0.id, $0) }) { $1 }
        let (wasKnown, wasExact) = (isKnown, isExact)
        isKnown = true
        isExact = snapshot.count <= limit
        if isExact, wasExact, wasKnown { return become(after, &outcome) }
        members = after
        count = isExact ? after.count : snapshot.count
        shorten()
        if !wasKnown {
            toldCount = count
        } else if isExact != wasExact {
            tell(state, &outcome)
        }
    }

    private mutating func shorten() {
        guard !isExact else { return }
        for record in Self.sorted(members.values).dropFirst(sample) { members[record.id] = nil }
    }

    private static func sorted(_ records: some Sequence<PresenceRecord>) -> [PresenceRecord] {
        records.sorted { $0.key < $1.key }
    }
}

extension PresenceView {
    /// An update for the followers of a group in this process: a ``PresenceChange`` with undecoded metadata.
    package enum Report: Sendable, Hashable {
        case state(count: Int, members: [PresenceRecord], isExact: Bool)
        case diff(joins: [PresenceRecord], leaves: [PresenceRecord], updates: [PresenceRecord], count: Int)
        case many(count: Int)

        /// The JSON that browsers receive.
        package var json: Bytes {
            var text = ByteBuffer(capacity: 256)
            switch self {
            case .state(let count, let members, let isExact):
                text.append("{\"type\":\"presence.state\",\"count\":")
                text.append("\(count)")
                text.append(isExact ? ",\"isExact\":true" : ",\"isExact\":false")
                Self.append(members, as: ",\"members\":", to: &text)
            case .diff(let joins, let leaves, let updates, let count):
                text.append("{\"type\":\"presence.diff\"")
                Self.append(joins, as: ",\"joins\":", to: &text)
                Self.append(leaves, as: ",\"leaves\":", to: &text)
                Self.append(updates, as: ",\"updates\":", to: &text)
                text.append(",\"count\":")
                text.append("\(count)")
            case .many(let count):
                text.append("{\"type\":\"presence.count\",\"count\":")
                text.append("\(count)")
            }
            text.append("}")
            return text.freeze()
        }

        private static func append(_ records: [PresenceRecord], as name: StaticString, to text: inout ByteBuffer) {
            text.append(name)
            var separator = UInt8(ascii: "{")
            for record in records {
                text.append(separator)
                text.append(json: record.key)
                text.append(UInt8(ascii: ":"))
                text.append(record.meta)
                separator = UInt8(ascii: ",")
            }
            if records.isEmpty { text.append(separator) }
            text.append(UInt8(ascii: "}"))
        }
    }
}

extension PresenceView {
    /// A change in transit to the followers of this process. Its metadata is decoded once for all of them.
    package final class SharedReport: Sendable {
        package let update: Report
        private let made = Mutex<(change: any Sendable, unreadable: Int)?>(nil)

        init(_ update: Report) {
            self.update = update
        }

        /// Decodes the change. Also returns the number of keys that were left out because their metadata is not a
        /// `Meta`.
        package func change<Meta: Codable & Sendable>(
            _ type: Meta.Type
        ) -> (change: PresenceChange<Meta>, unreadable: Int) {
            made.withLock { made in
                if let ready = made, let change = ready.change as? PresenceChange<Meta> {
                    return (change, ready.unreadable)
                }
                let new = Self.read(update, as: type)
                made = new
                return new
            }
        }

        private static func read<Meta: Codable & Sendable>(
            _ update: Report, as type: Meta.Type
        ) -> (change: PresenceChange<Meta>, unreadable: Int) {
            switch update {
            case .many(let count): return (.many(count: count), 0)
            case .state(let count, let members, let isExact):
                let members = PresenceCoding.decode(type, members)
                let list = PresenceList(
                    count: count, members: members.read, isExact: isExact && members.unreadable == 0)
                return (.state(list), members.unreadable)
            case .diff(let joins, let leaves, let updates, let count):
                let (joins, leaves, updates) = (
                    PresenceCoding.decode(type, joins), PresenceCoding.decode(type, leaves),
                    PresenceCoding.decode(type, updates)
                )
                let diff = PresenceChange<Meta>.Diff(
                    joins: joins.read, leaves: leaves.read, updates: updates.read, count: count)
                return (.diff(diff), joins.unreadable + leaves.unreadable + updates.unreadable)
            }
        }
    }
}
