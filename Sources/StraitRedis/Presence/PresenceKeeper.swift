import StraitLayers
import StraitNetwork

/// Keeps, on one server, the entries of this process: renews its lease, enters them again where they were lost, and has
/// those leave that are to. Loop-bound.
final class PresenceKeeper {
    private let loop: EventLoop
    private let prefix: String
    private let process: String
    private let commands: RedisLink
    private let timer = LoopTimer()
    private let leaving = LoopTimer()
    /// The entries of this process by their numbers, for each group.
    private var entries: [String: [UInt64: PresenceEntry]] = [:]
    /// Those that have left, and of which Redis does not know it for certain.
    private var left: [String: Set<UInt64>] = [:]
    /// The groups of which leaves are on their way.
    private var telling: Set<String> = []
    private var isReaping = false
    private var isClosed = false
    /// Whether Redis may know of this process.
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

    func enter(_ entry: PresenceEntry, _ ticket: RedisTicket<Void>) {
        entries[entry.group, default: [:]][entry.number] = entry
        hasEntered = true
        if !timer.isArmed { loop.arm(timer, after: lease.interval) }
        ticket.call = enter(entry) { [self] reply in
            // It is the only one that Redis knows: the others were lost with the lease.
            if case .success(.integer(0)) = reply { enterAll(but: entry.number) }
            ticket.finish(reply)
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

    func update(_ entry: PresenceEntry, _ ticket: RedisTicket<Void>) {
        guard entries[entry.group]?[entry.number] != nil else { return ticket.succeed() }
        entries[entry.group]?[entry.number] = entry
        ticket.call = commands.run(
            PresenceScripts.update, keys: [],
            [
                .string(prefix), .string(process), .string(entry.group), .string(String(entry.number)),
                .string(entry.record.key), .bytes(entry.record.meta),
            ]
        ) { ticket.finish($0) }
    }

    /// Leaves, together with others that do so in this turn.
    func leave(_ entry: PresenceEntry) {
        entries[entry.group]?[entry.number] = nil
        if entries[entry.group]?.isEmpty == true { entries[entry.group] = nil }
        left[entry.group, default: []].insert(entry.number)
        if !timer.isArmed { loop.arm(timer, after: lease.interval) }
        if !leaving.isArmed { loop.arm(leaving, after: .zero) }
    }

    /// Says who has left; what is not confirmed is said again.
    private func tellLeaves() {
        // With the next connection they are told by `renew`.
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

    /// Somebody here watches, so that others' ends are of interest.
    func reap(_ isReaping: Bool) {
        self.isReaping = isReaping
        if isReaping, !timer.isArmed { loop.arm(timer, after: lease.interval) }
    }

    /// There is a new connection: to a server that may have lost everything.
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

    /// Enters anew, in the order in which it was done first: what is said of a key is what was said last.
    private func enterAll(but number: UInt64? = nil) {
        let known = entries.values.flatMap(\.values).filter { $0.number != number }
        for entry in known.sorted(by: { $0.number < $1.number }) { enter(entry) { _ in } }
    }

    /// Has all entries of this process leave; `done` is called when Redis knows, or cannot be told.
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
