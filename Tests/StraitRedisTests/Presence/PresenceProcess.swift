import StraitLayers
import StraitNetwork
import Synchronization

@testable import StraitRedis

/// A process as others see it who is present: a store with a loop of its own, which can be killed.
final class PresenceProcess: Sendable {
    let store: RedisPresenceStore
    private let loop: EventLoop
    // Sound: touched on the loop alone, once they are made.
    private nonisolated(unsafe) let shards: [RedisShard]
    private let numbers = Atomic<UInt64>(0)
    private let isKilled = Atomic(false)
    private static let killed = Mutex<[PresenceProcess]>([])
    private let seen = Mutex<[PresenceNews]>([])

    /// - Parameter lease: How long it is taken to live without being heard of; on a machine that has much to do, too,
    ///   only a process that is killed may be gone by then.
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
        // Sound: they are closed on their loop, where this is called.
        nonisolated(unsafe) let shards = unsafe shards
        store.close { [loop] in
            for shard in unsafe shards { shard.close() }
            loop.stop()
        }
    }

    /// Ends it as a crash does: nothing is renewed any more, and nothing is said. What it had is kept: its loop may be
    /// within its last turn.
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

    /// What was told, in words: `began`, `+Ann`, `-Ann`, `~Ann`.
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

    /// Who is there, with what is said of them.
    func here(_ group: String = "room") async throws -> [String: String] {
        let snapshot = try await store.snapshot(of: group, exactUpTo: 100, sample: 10)
        return Dictionary(uniqueKeysWithValues: snapshot.members.map { ($0.key, String(utf8: $0.meta) ?? "") })
    }
}
