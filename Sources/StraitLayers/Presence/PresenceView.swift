/// What a process knows of who is in a group while somebody there follows it: the layer's snapshots and changes in,
/// what those who follow are to be told out. A value without I/O.
///
/// Changes may be lost, doubled or out of order: where a version is missing, the view asks for a snapshot, and tells
/// the difference between what it told before and that. What was told from the first state on always adds up to the
/// view.
package struct PresenceView: Sendable {
    /// What is to be done.
    package struct Outcome: Sendable, Equatable {
        /// What those who follow are told, in order.
        package var updates: [PresenceUpdate] = []
        /// The number of the snapshot that is to be read.
        package var read: Int?
        /// Whether ``PresenceView/tick()`` is to be called, a second later.
        package var wantsTick = false
    }

    /// Up to how many keys each is told.
    package let limit: Int
    /// How many are kept where there are more.
    package var sample: Int { Self.sample(limit) }
    /// Whether there was a snapshot: nobody can be told who is there before.
    package private(set) var isKnown = false
    /// Whether ``members`` are all that are there, and each change is told.
    package private(set) var isExact = true
    package private(set) var count = 0
    /// All that are there, or a sample.
    package private(set) var members: [PresenceKey: PresenceRecord] = [:]

    private var version: UInt64 = 0
    private var reads = 0
    private var isReading = false
    private var hasFailed = false
    /// What came while a snapshot was read, and how much of that there was no room for.
    private var early: [PresenceDelta] = []
    private var missed = 0
    /// Whether those who follow have to be told from scratch, because something could not be told them.
    private var owesState = false
    /// The count that all who follow know; nil where some know another than the rest.
    private var toldCount: Int?

    /// The most changes that are kept while a snapshot is read.
    static let mostEarly = 1000

    package static func sample(_ limit: Int) -> Int { min(limit, 25) }

    package init(limit: Int) {
        self.limit = limit
    }

    /// Who is there, for one who follows from here on.
    package mutating func introduce() -> PresenceUpdate {
        // The others are told with the next tick, and this one too, even where the count is then what they knew.
        if count != toldCount { toldCount = nil }
        return state
    }

    /// Who is there.
    package var state: PresenceUpdate {
        .state(count: count, members: Self.sorted(members.values), isExact: isExact)
    }

    // MARK: From the store

    /// From here on each change comes: what happened before is to be read.
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

    /// A snapshot was read; one that is not what was asked for last is of no use any more.
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
        // Where one is missing among these, the others wait for the next snapshot.
        for change in changes { apply(change, &outcome) }
        if hasMissed, !isReading { read(&outcome) }
        outcome.wantsTick = isDue
        return outcome
    }

    /// A snapshot could not be read; it is asked for again with a later tick.
    package mutating func failed(read number: Int) -> Outcome {
        guard isReading, number == reads else { return Outcome() }
        hasFailed = true
        return Outcome(wantsTick: true)
    }

    /// Nobody is going to say what became of the snapshot that is read.
    package mutating func abandon() -> Outcome { failed(read: reads) }

    // MARK: From the clock and from those who follow

    /// A second has passed since that was asked for.
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

    /// What was to be told could not be: they are told from scratch later.
    package mutating func withhold() -> Outcome {
        owesState = true
        return Outcome(wantsTick: isDue)
    }

    // MARK: Parts

    /// Whether something is left for a tick. What has to wait for a snapshot is looked at again when that is there.
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

    private mutating func tell(_ update: PresenceUpdate, _ outcome: inout Outcome) {
        // They are told from scratch in a while.
        if owesState { return }
        toldCount = count
        outcome.updates.append(update)
    }

    private mutating func apply(_ delta: PresenceDelta, _ outcome: inout Outcome) {
        if isReading {
            if early.count < Self.mostEarly { early.append(delta) } else { missed += 1 }
        } else if delta.version <= version {
            // It came twice, or is in the snapshot already.
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
        // What does not add up is read anew.
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

    /// Tells the difference between what was told and `after`.
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
