import StraitCore
import StraitLayers

/// Keeps this process in the Redis groups that have members here: one membership per group for all of them. Loop-bound.
///
/// It restores memberships after a lost connection, a server restart or another process's `flush`.
///
/// It reads the wanted state from the group table each time, so the number and order of change notifications do not
/// matter.
final class GroupMembership {
    private struct Entry {
        let channel: String
        let shard: Int
        var isAnnounced = false
        var isUnderWay = false
        /// Whether Redis may still have the channel in the group, because the removal may have failed.
        var isDoubtful = false
        var waiting: [PendingReply<Void>] = []
    }

    private let loop: EventLoop
    private let names: QueueNames
    private let groups: GroupTable
    private let shards: [RedisShard]
    private let expiry: Duration
    private let refreshInterval: Duration
    private let established: EstablishedGroups
    private let log: Log
    private var entries: [String: Entry] = [:]
    /// Groups by the part of the channel that identifies them.
    private var parts: [Substring: String] = [:]
    private let timer = LoopTimer()
    private var refreshes = 0
    private var isClosed = false

    /// The maximum number of groups in one command.
    private static let batch = 256

    init(
        loop: EventLoop, names: QueueNames, groups: GroupTable, shards: [RedisShard], expiry: Duration,
        refresh: Duration, established: EstablishedGroups, log: Log
    ) {
        self.loop = loop
        self.names = names
        self.groups = groups
        self.shards = shards
        self.expiry = expiry
        refreshInterval = min(refresh, expiry / 2)
        self.established = established
        self.log = log
        timer.action = { [unowned self] in announceAll() }
    }

    /// Returns the group with the membership channel that ends in `part`.
    func group(_ part: Substring) -> String? { parts[part] }

    /// Returns this process's membership channel for `group`, or nil if the group has no members here.
    func channel(of group: String) -> String? { entries[group]?.channel }

    // MARK: Changes

    /// Updates the membership after a group's first member joined or its last member left.
    func changed(_ group: String) {
        if isClosed { return }
        let isWanted = !groups.isEmpty(group)
        if isWanted, entries[group] == nil { add(group) }
        guard let entry = entries[group], !entry.isUnderWay else { return }
        if isWanted, !entry.isAnnounced {
            announce([group], shard: entry.shard)
        } else if !isWanted, entry.isAnnounced {
            withdraw(group, entry)
        } else if !isWanted, !entry.isDoubtful {
            remove(group)
        }
    }

    /// Finishes `pending` when this process receives messages to `group`.
    func establish(_ group: String, _ pending: PendingReply<Void>) {
        changed(group)
        // The last member has left meanwhile.
        guard let entry = entries[group], !entry.isAnnounced else { return pending.succeed() }
        entries[group]?.waiting.append(pending)
    }

    private func add(_ group: String) {
        let channel = names.member(of: group)
        entries[group] = Entry(channel: channel, shard: ShardHash.shard(of: group, among: shards.count))
        if let part = names.groupPart(channel) { parts[part] = group }
        if entries.count == 1 { loop.arm(timer, after: refreshInterval) }
    }

    private func remove(_ group: String) {
        guard let entry = entries.removeValue(forKey: group) else { return }
        if let part = names.groupPart(entry.channel) { parts[part] = nil }
        for pending in entry.waiting { pending.succeed() }
        if entries.isEmpty { loop.disarm(timer) }
    }

    // MARK: Commands to Redis

    private func announce(_ groups: [String], shard: Int) {
        var keys: [String] = []
        var arguments = QueueScripts.stay(expiry, prunes: refreshes % 4 == 3)
        for group in groups {
            guard let channel = entries[group]?.channel else { continue }
            entries[group]?.isUnderWay = true
            keys.append(names.group(group))
            arguments.append(.string(channel))
        }
        shards[shard].commands.run(QueueScripts.join, keys: keys, arguments) { [self] result in
            for group in groups { announced(group, result) }
        }
    }

    private func announced(_ group: String, _ result: Result<RedisValue, RedisFailure>) {
        guard let waiting = entries[group]?.waiting else { return }
        entries[group]?.isUnderWay = false
        entries[group]?.waiting = []
        switch result {
        case .success:
            entries[group]?.isAnnounced = true
            entries[group]?.isDoubtful = false
            established.insert(group)
            for pending in waiting { pending.succeed() }
            changed(group)
        case .failure(let failure):
            if case .refused(let error) = failure { log.error("The group '\(group)' could not be joined. \(error)") }
            if case .lost = failure { entries[group]?.isDoubtful = true }
            for pending in waiting { pending.fail(failure) }
            // Later joins must not rely on the membership.
            if let entry = entries[group] { doubt(group, entry) }
            // Otherwise the next connection or refresh announces it.
            if self.groups.isEmpty(group) { changed(group) }
        }
    }

    private func withdraw(_ group: String, _ entry: Entry) {
        entries[group]?.isUnderWay = true
        entries[group]?.isAnnounced = false
        established.remove(group)
        let command = RedisCommand("ZREM", [.string(names.group(group)), .string(entry.channel)])
        shards[entry.shard].commands.call(command) { [self] result in
            entries[group]?.isUnderWay = false
            // After other failures, the next connection removes it. Until then, messages to the group are ignored.
            entries[group]?.isDoubtful =
                switch result {
                case .success, .failure(.refused): false
                case .failure: true
                }
            changed(group)
        }
    }

    /// Marks the memberships of a shard as unconfirmed after its connection was lost.
    func disconnected(_ shard: Int) {
        for (group, entry) in entries where entry.shard == shard { doubt(group, entry) }
    }

    private func doubt(_ group: String, _ entry: Entry) {
        if entry.isAnnounced { entries[group]?.isDoubtful = true }
        entries[group]?.isAnnounced = false
        established.remove(group)
    }

    /// Announces the memberships of a shard again, because the server may have lost them.
    func connected(_ shard: Int) {
        if isClosed { return }
        let idle = entries.filter { $0.value.shard == shard && !$0.value.isUnderWay }
        for (group, entry) in idle where entry.isDoubtful && !isWanted(group) { withdraw(group, entry) }
        let groups = idle.keys.filter(isWanted)
        for start in stride(from: 0, to: groups.count, by: Self.batch) {
            announce(Array(groups[start..<min(start + Self.batch, groups.count)]), shard: shard)
        }
    }

    private func isWanted(_ group: String) -> Bool { !groups.isEmpty(group) }

    private func announceAll() {
        loop.arm(timer, after: refreshInterval)
        refreshes += 1
        // This also restores memberships that Redis lost by a flush or a failover.
        for (index, shard) in shards.enumerated() where shard.commands.isReady { connected(index) }
    }

    /// Leaves all groups, and joins no more.
    func close() {
        isClosed = true
        loop.disarm(timer)
        for (group, entry) in entries where entry.isAnnounced || entry.isUnderWay || entry.isDoubtful {
            withdraw(group, entry)
        }
    }
}
