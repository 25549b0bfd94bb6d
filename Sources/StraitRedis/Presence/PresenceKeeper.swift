import StraitCore
import StraitLayers

/// The presence entries of this process on one server. Loop-bound.
///
/// It renews the process's lease, restores lost entries, and removes entries that have left.
final class PresenceKeeper {
    private let loop: EventLoop
    private let prefix: String
    private let process: String
    private let commands: RedisLink
    private let timer = LoopTimer()
    private let leaving = LoopTimer()
    /// The entries of this process by number, for each group.
    private var entries: [String: [UInt64: PresenceEntry]] = [:]
    /// Entries that have left, without a confirmation from Redis.
    private var left: [String: Set<UInt64>] = [:]
    /// The groups with a removal in progress.
    private var telling: Set<String> = []
    private var isReaping = false
    private var isClosed = false
    /// Whether Redis may have entries of this process.
    private var hasEntered = false

    private let lease: PresenceLease

    init(prefix: String, process: String, commands: RedisLink, client: RedisClientSettings) {
        lease = client.lease
        self.prefix = prefix
        self.process = process
        self.commands = commands
        loop = client.loop
        timer.action = { [unowned self] in renew() }
        leaving.action = { [unowned self] in tellLeaves() }
    }

    private var leaseText: RedisArgument { .integer(Int(lease.duration.nanoseconds / 1000)) }

    // MARK: Entries

    func enter(_ entry: PresenceEntry, _ pending: PendingReply<Void>) {
        entries[entry.group, default: [:]][entry.number] = entry
        hasEntered = true
        if !timer.isArmed { loop.arm(timer, after: lease.interval) }
        pending.call = enter(entry) { [self] reply in
            // Redis has no other entry of this process: they were lost with the lease.
            if case .success(.integer(0)) = reply { enterAll(but: entry.number) }
            pending.finish(reply)
        }
    }

    @discardableResult
    private func enter(_ entry: PresenceEntry, _ answer: @escaping RedisConnection.Answer) -> RedisCall {
        commands.run(
            PresenceScripts.enter, keys: [],
            [
                .string(prefix), .string(process), leaseText, .string(entry.group), .string(String(entry.number)),
                .string(entry.record.key), .bytes(entry.record.meta),
            ], answer)
    }

    func update(_ entry: PresenceEntry, _ pending: PendingReply<Void>) {
        guard entries[entry.group]?[entry.number] != nil else { return pending.succeed() }
        entries[entry.group]?[entry.number] = entry
        pending.call = commands.run(
            PresenceScripts.update, keys: [],
            [
                .string(prefix), .string(process), .string(entry.group), .string(String(entry.number)),
                .string(entry.record.key), .bytes(entry.record.meta),
            ]
        ) { pending.finish($0) }
    }

    /// Removes an entry, together with others that leave in this turn of the loop.
    func leave(_ entry: PresenceEntry) {
        entries[entry.group]?[entry.number] = nil
        if entries[entry.group]?.isEmpty == true { entries[entry.group] = nil }
        left[entry.group, default: []].insert(entry.number)
        if !timer.isArmed { loop.arm(timer, after: lease.interval) }
        if !leaving.isArmed { loop.arm(leaving, after: .zero) }
    }

    /// Sends removals. Unconfirmed removals are sent again.
    private func tellLeaves() {
        // After a reconnect, `renew` sends them.
        guard commands.isReady else { return }
        for (group, numbers) in left where telling.insert(group).inserted {
            commands.run(
                PresenceScripts.leave, keys: [],
                [.string(prefix), .string(process), .string(group)] + numbers.map { .string(String($0)) }
            ) { [self] result in
                telling.remove(group)
                guard case .success = result else { return }
                left[group]?.subtract(numbers)
                if left[group]?.isEmpty == true { left[group] = nil }
                if left[group] != nil, !leaving.isArmed, !isClosed { loop.arm(leaving, after: .zero) }
            }
        }
    }

    // MARK: The lease

    /// Starts or stops the removal of expired processes. It is needed only while this process watches a group.
    func reap(_ isReaping: Bool) {
        self.isReaping = isReaping
        if isReaping, !timer.isArmed { loop.arm(timer, after: lease.interval) }
    }

    /// Renews everything on a new connection, because the server may have lost its data.
    func connected() {
        if isClosed { return }
        if !entries.isEmpty || !left.isEmpty || isReaping { renew() }
    }

    private func renew() {
        guard !entries.isEmpty || !left.isEmpty || isReaping else { return loop.disarm(timer) }
        loop.arm(timer, after: lease.interval)
        guard commands.isReady else { return }
        if !left.isEmpty { tellLeaves() }
        commands.run(PresenceScripts.renew, keys: [], [.string(prefix), .string(process), leaseText]) { [self] result in
            guard case .success(.integer(0)) = result else { return }
            enterAll()
        }
    }

    /// Restores all entries in their original order, because the latest entry determines a key's metadata.
    private func enterAll(but number: UInt64? = nil) {
        let known = entries.values.flatMap(\.values).filter { $0.number != number }
        for entry in known.sorted(by: { $0.number < $1.number }) { enter(entry) { _ in } }
    }

    /// Removes all entries of this process. `done` is called when Redis has confirmed it, or cannot be reached.
    func close(_ done: @escaping () -> Void) {
        isClosed = true
        loop.disarm(timer)
        loop.disarm(leaving)
        entries = [:]
        left = [:]
        guard hasEntered, commands.isReady else { return done() }
        commands.run(PresenceScripts.end, keys: [], [.string(prefix), .string(process)]) { _ in done() }
    }
}

/// The lease of a process in presence.
///
/// A killed process has left all groups after `interval` and `duration` together, if another process is running.
package struct PresenceLease: Sendable {
    /// The renewal interval: 2 seconds.
    package var interval: Duration = .seconds(2)
    /// The duration of the lease: 6 seconds.
    package var duration: Duration = .seconds(6)

    package init() {}
}
