/// The entries and keys of all groups, without I/O: the state that a store keeps. A value, protected by the store's
/// lock.
package struct PresenceLedger: Sendable {
    private struct Group {
        var version: UInt64 = 0
        /// The keys by entry number.
        var entries: [UInt64: PresenceKey] = [:]
        var keys: [PresenceKey: (entries: Int, record: PresenceRecord)] = [:]
    }

    private var groups: [String: Group] = [:]
    /// The latest version of any group. It is kept when a group is removed, so that the group's versions never restart.
    private var version: UInt64 = 0

    package init() {}

    /// Adds `entry`.
    ///
    /// - Returns: The change to report to watches; nil if none is visible to them.
    package mutating func enter(_ entry: PresenceEntry) -> PresenceDelta? {
        let record = entry.record
        var group = groups[entry.group] ?? Group()
        guard group.entries[entry.number] == nil else { return update(entry) }
        group.entries[entry.number] = record.id
        let known = group.keys[record.id]
        group.keys[record.id] = ((known?.entries ?? 0) + 1, record)
        groups[entry.group] = group
        if let known {
            return known.record == record ? nil : change(entry.group, updates: [record])
        }
        return change(entry.group, joins: [record])
    }

    package mutating func update(_ entry: PresenceEntry) -> PresenceDelta? {
        let record = entry.record
        guard let group = groups[entry.group], group.entries[entry.number] == record.id,
            let known = group.keys[record.id], known.record != record
        else { return nil }
        groups[entry.group]?.keys[record.id]?.record = record
        return change(entry.group, updates: [record])
    }

    /// Removes the entries with these numbers from `group`, all in one change.
    package mutating func leave(_ numbers: [UInt64], of group: String) -> PresenceDelta? {
        var leaves: [String] = []
        for number in numbers {
            guard let key = groups[group]?.entries.removeValue(forKey: number),
                let entries = groups[group]?.keys[key]?.entries
            else { continue }
            if entries > 1 {
                groups[group]?.keys[key]?.entries = entries - 1
            } else {
                groups[group]?.keys[key] = nil
                leaves.append(key.text)
            }
        }
        return leaves.isEmpty ? nil : change(group, leaves: leaves)
    }

    /// Removes `group` if it has no members. A watch of it has to read a new snapshot when a member joins.
    package mutating func forget(_ group: String) {
        if groups[group]?.keys.isEmpty == true { groups[group] = nil }
    }

    package func snapshot(of group: String, exactUpTo limit: Int, sample: Int) -> PresenceSnapshot {
        guard let group = groups[group] else { return PresenceSnapshot(version: 0, count: 0, members: []) }
        let records = group.keys.values.lazy.map(\.record)
        return PresenceSnapshot(
            version: group.version, count: group.keys.count,
            members: group.keys.count <= limit ? Array(records) : Array(records.prefix(sample)))
    }

    /// The names of the groups that have not been removed.
    package var names: [String] { Array(groups.keys) }

    private mutating func change(
        _ name: String, joins: [PresenceRecord] = [], leaves: [String] = [], updates: [PresenceRecord] = []
    ) -> PresenceDelta {
        version += 1
        let since = groups[name]?.version ?? 0
        groups[name]?.version = version
        return PresenceDelta(
            since: since, version: version, joins: joins, leaves: leaves, updates: updates,
            count: groups[name]?.keys.count ?? 0)
    }
}
