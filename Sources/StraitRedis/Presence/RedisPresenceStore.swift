import StraitCore
import StraitLayers

/// A presence store in Redis, shared by all Strait processes of a layer.
///
/// Each process renews a lease. A killed process has left all groups within ten seconds: the first process that notices
/// removes its entries and publishes the change.
final class RedisPresenceStore: PresenceStore {
    private let subscriptions: LoopOwned<PresenceSubscriptions>
    private let process: String

    init(prefix: String, process: String, shards: [RedisShard], client: RedisClientSettings) {
        self.process = process
        subscriptions = LoopOwned(loop: client.loop)
        subscriptions.begin(PresenceSubscriptions(prefix: prefix, process: process, shards: shards, client: client))
    }

    nonisolated(nonsending) func enter(_ entry: PresenceEntry) async throws {
        try await subscriptions.ask { $0.keeper(entry.group).enter(entry, $1) }
    }

    nonisolated(nonsending) func update(_ entry: PresenceEntry) async throws {
        try await subscriptions.ask { $0.keeper(entry.group).update(entry, $1) }
    }

    func leave(_ entry: PresenceEntry) {
        subscriptions.perform { $0.keeper(entry.group).leave(entry) }
    }

    nonisolated(nonsending) func snapshot(
        of group: String, exactUpTo limit: Int, sample: Int
    ) async throws -> PresenceSnapshot {
        try await subscriptions.ask { $0.snapshot(of: group, exactUpTo: limit, sample: sample, $1) }
    }

    func watch(_ group: String, _ receive: @escaping @Sendable (PresenceWatch.Event) -> Void) {
        subscriptions.perform { $0.watch(group, receive) }
    }

    func unwatch(_ group: String) {
        subscriptions.perform { $0.unwatch(group) }
    }

    /// Returns the name of `entry` in Redis.
    func field(_ entry: PresenceEntry) -> String { "\(process)/\(entry.number)" }

    /// Removes all entries of this process. Later calls fail. `done` is called on the loop when Redis has confirmed it,
    /// or cannot be reached.
    func close(_ done: @escaping @Sendable () -> Void) {
        subscriptions.perform { [subscriptions] value in
            subscriptions.end()
            value.close(done)
        }
    }
}
