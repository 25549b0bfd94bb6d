import StraitCore
import StraitLayers
import Synchronization

@testable import StraitRedis

/// A simulated process with present members: a store with its own loop, which can be killed.
final class PresenceProcess: Sendable {
    let store: RedisPresenceStore
    private let loop: EventLoop
    // SAFETY: after the initializer, they are accessed only on the loop.
    private nonisolated(unsafe) let shards: [RedisShard]
    private let numbers = Atomic<UInt64>(0)
    private let isKilled = Atomic(false)
    private static let killed = Mutex<[PresenceProcess]>([])
    private let seen = Mutex<[PresenceWatch.Event]>([])

    /// - Parameter lease: The time after which a silent process is considered dead. The default is long enough for a
    ///   busy machine, so that only a killed process is missed.
    init(_ place: RedisPlace, databases: Int = 1, lease: Duration = .seconds(60)) {
        loop = EventLoop()
        loop.start()
        var client = RedisClientSettings(loop: loop)
        client.limits.reconnect.longest = .milliseconds(100)
        client.lease.interval = .milliseconds(100)
        client.lease.duration = lease
        var random = SystemRandomNumberGenerator()
        let process = QueueNames(prefix: place.prefix, using: &random).process
        unsafe shards = RedisShard.all(
            of: place.configuration(databases: databases), process: process, client: client, counters: LayerCounters(),
            log: Log(level: .critical))
        store = RedisPresenceStore(prefix: place.prefix, process: process, shards: unsafe shards, client: client)
    }

    deinit {
        guard !isKilled.load(ordering: .relaxed) else { return }
        // SAFETY: they are closed on their loop, which runs this closure.
        nonisolated(unsafe) let shards = unsafe shards
        store.close { [loop] in
            for shard in unsafe shards { shard.close() }
            loop.stop()
        }
    }

    /// Simulates a crash: the process renews and announces nothing more. Its objects are kept, because its loop may
    /// still be in its last turn.
    func kill() {
        isKilled.store(true, ordering: .relaxed)
        Self.killed.withLock { $0.append(self) }
        loop.stop()
    }

    func enter(_ key: String, _ meta: Bytes = "1", of group: String = "room") async throws -> PresenceEntry {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        let entry = PresenceEntry(group: group, number: number, record: PresenceRecord(key: key, meta: meta))
        try await store.enter(entry)
        return entry
    }

    func watch(_ group: String = "room") {
        store.watch(group) { [weak self] news in self?.seen.withLock { $0.append(news) } }
    }

    /// The presence news so far, as `began`, `+Ann`, `-Ann` or `~Ann`.
    var told: [String] {
        seen.withLock { news in
            news.flatMap { one -> [String] in
                switch one {
                case .began: ["began"]
                case .failed: ["failed"]
                case .changed(let delta):
                    delta.joins.map { "+\($0.key)" } + delta.leaves.map { "-\($0)" }
                        + delta.updates.map { "~\($0.key)" }
                }
            }
        }
    }

    /// The members of a group and their metadata.
    func here(_ group: String = "room") async throws -> [String: String] {
        let snapshot = try await store.snapshot(of: group, exactUpTo: 100, sample: 10)
        return Dictionary(uniqueKeysWithValues: snapshot.members.map { ($0.key, String(utf8: $0.meta) ?? "") })
    }
}
