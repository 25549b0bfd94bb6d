import StraitLayers
import StraitNetwork

/// Sees to it that this process is in the groups in Redis that somebody here is in, once for all of them, and stays
/// there: after a connection was lost, a restart, or somebody's `flush`. Loop-bound.
///
/// What should be is asked of the table of groups each time, so it does not matter how often or in which order changes
/// are told.
final class GroupAnnouncer {
    private struct Entry {
        let channel: String
        let shard: Int
        var isAnnounced = false
        var isUnderWay = false
        /// Whether Redis may have the channel in the group although it is not announced: leaving it could not be told.
        var isDoubtful = false
        var waiting: [RedisTicket<Void>] = []
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
    /// Groups by the part of the channel that says which it is.
    private var parts: [Substring: String] = [:]
    private let timer = LoopTimer()
    private var refreshes = 0
    private var isClosed = false

    /// How many groups one command announces.
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

    /// The group that the channel is this process' member of.
    func group(_ part: Substring) -> String? { parts[part] }

    /// The channel that is this process' member of `group`; nil where nobody here is in it.
    func channel(of group: String) -> String? { entries[group]?.channel }

    // MARK: What changes

    /// Somebody here may have come into `group` first, or left it last.
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

    /// Finishes `ticket` when what is sent to `group` reaches this process.
    func establish(_ group: String, _ ticket: RedisTicket<Void>) {
        changed(group)
        // Everybody has left meanwhile.
        guard let entry = entries[group], !entry.isAnnounced else { return ticket.succeed() }
        entries[group]?.waiting.append(ticket)
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
        for ticket in entry.waiting { ticket.succeed() }
        if entries.isEmpty { loop.disarm(timer) }
    }

    // MARK: What is said to Redis

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
            for ticket in waiting { ticket.succeed() }
            changed(group)
        case .failure(let failure):
            if case .refused(let error) = failure { log.error("The group '\(group)' could not be joined. \(error)") }
            if case .lost = failure { entries[group]?.isDoubtful = true }
            for ticket in waiting { ticket.fail(failure) }
            // Others that come meanwhile are not to rely on it.
            if let entry = entries[group] { doubt(group, entry) }
            // Else it is announced with the next connection, or at the next refresh.
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
            // Else it is said again with the next connection. Until then messages for it are passed over.
            entries[group]?.isDoubtful =
                switch result {
                case .success, .failure(.refused): false
                case .failure: true
                }
            changed(group)
        }
    }

    /// There is no connection to a shard: nobody knows whether what was announced still is.
    func disconnected(_ shard: Int) {
        for (group, entry) in entries where entry.shard == shard { doubt(group, entry) }
    }

    private func doubt(_ group: String, _ entry: Entry) {
        if entry.isAnnounced { entries[group]?.isDoubtful = true }
        entries[group]?.isAnnounced = false
        established.remove(group)
    }

    /// Announces everything of a shard: its server may have forgotten it.
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
        // What was lost in Redis, by a flush or a failover, comes back with this as well.
        for (index, shard) in shards.enumerated() where shard.commands.isReady { connected(index) }
    }

    /// Leaves all groups, and comes into none any more.
    func close() {
        isClosed = true
        loop.disarm(timer)
        for (group, entry) in entries where entry.isAnnounced || entry.isUnderWay || entry.isDoubtful {
            withdraw(group, entry)
        }
    }
}
