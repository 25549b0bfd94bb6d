import StraitLayers

/// Where a consumer is present, and whom it follows. Loop-bound.
struct ConsumerPresences {
    private var tracked: [(table: PresenceTable, entry: PresenceEntry)] = []
    private var followed: [(table: PresenceTable, following: PresenceFollowing)] = []

    // MARK: Present

    func entry(_ group: String, in table: PresenceTable) -> PresenceEntry? {
        index(group, in: table).map { tracked[$0].entry }
    }

    /// Keeps `entry`, and returns the one that it takes the place of.
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

    /// Leaves everywhere, and follows nothing more.
    mutating func end() {
        for (table, entry) in tracked { table.leave(entry) }
        for (_, following) in followed { following.end() }
        tracked = []
        followed = []
    }
}
