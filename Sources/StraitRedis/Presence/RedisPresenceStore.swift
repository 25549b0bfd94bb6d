import StraitLayers
import StraitNetwork

/// Keeps in Redis who is present where, for all processes of Strait that share it. Each has a lease, which it renews:
/// one that is killed has left everywhere within ten seconds, which whoever notices first tells all.
final class RedisPresenceStore: PresenceStore {
    private let desk: LoopOwned<PresenceDesk>
    private let process: String

    init(prefix: String, process: String, shards: [RedisShard], client: RedisClientSettings) {
        self.process = process
        desk = LoopOwned(loop: client.loop)
        desk.begin(PresenceDesk(prefix: prefix, process: process, shards: shards, client: client))
    }

    nonisolated(nonsending) func enter(_ entry: PresenceEntry) async throws {
        try await desk.ask { $0.keeper(entry.group).enter(entry, $1) }
    }

    nonisolated(nonsending) func update(_ entry: PresenceEntry) async throws {
        try await desk.ask { $0.keeper(entry.group).update(entry, $1) }
    }

    func leave(_ entry: PresenceEntry) {
        desk.perform { $0.keeper(entry.group).leave(entry) }
    }

    nonisolated(nonsending) func snapshot(
        of group: String, exactUpTo limit: Int, sample: Int
    ) async throws -> PresenceSnapshot {
        try await desk.ask { $0.snapshot(of: group, exactUpTo: limit, sample: sample, $1) }
    }

    func watch(_ group: String, _ receive: @escaping @Sendable (PresenceNews) -> Void) {
        desk.perform { $0.watch(group, receive) }
    }

    func unwatch(_ group: String) {
        desk.perform { $0.unwatch(group) }
    }

    /// What `entry` is called in Redis.
    func field(_ entry: PresenceEntry) -> String { "\(process)/\(entry.number)" }

    /// Has all entries of this process leave; what is asked after that is refused. `done` is called on the loop, when
    /// Redis knows or cannot be told.
    func close(_ done: @escaping @Sendable () -> Void) {
        desk.perform { [desk] value in
            desk.end()
            value.close(done)
        }
    }
}
