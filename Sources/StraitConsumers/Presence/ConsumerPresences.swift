import StraitLayers

/// The presences that a consumer is tracked in or follows. Confined to its event loop.
struct ConsumerPresences {
    private var tracked: [(table: PresenceTable, entry: PresenceEntry)] = []
    private var followed: [(table: PresenceTable, following: PresenceFollowing)] = []

    // MARK: Tracking

    func entry(_ group: String, in table: PresenceTable) -> PresenceEntry? {
        index(group, in: table).map { tracked[$0].entry }
    }

    /// Stores `entry`, and returns the entry that it replaces.
    mutating func track(_ entry: PresenceEntry, in table: PresenceTable) -> PresenceEntry? {
        let old = untrack(entry.group, in: table)
        tracked.append((table, entry))
        return old
    }

    mutating func untrack(_ group: String, in table: PresenceTable) -> PresenceEntry? {
        index(group, in: table).map { tracked.remove(at: $0).entry }
    }

    private func index(_ group: String, in table: PresenceTable) -> Int? {
        tracked.firstIndex { $0.table === table && $0.entry.group == group }
    }

    // MARK: Following

    mutating func follow(_ following: PresenceFollowing, in table: PresenceTable) {
        followed.append((table, following))
    }

    mutating func unfollow(_ group: String, in table: PresenceTable) -> PresenceFollowing? {
        followed.firstIndex { $0.table === table && $0.following.watch.group == group }
            .map { followed.remove(at: $0).following }
    }

    // MARK: The end

    /// Leaves all presences and stops following.
    mutating func end() {
        for (table, entry) in tracked { table.leave(entry) }
        for (_, following) in followed { following.end() }
        tracked = []
        followed = []
    }
}
