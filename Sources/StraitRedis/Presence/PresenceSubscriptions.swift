import StraitCore
import StraitLayers

/// The part of `RedisPresenceStore` on the Redis event loop. Loop-bound.
final class PresenceSubscriptions {
    typealias Receive = @Sendable (PresenceWatch.Event) -> Void

    private struct Watch {
        let receive: Receive
        /// Whether `began` was delivered. Changes are delivered only after it.
        var hasBegun = false
        /// The number of subscription changes so far, which identifies the latest one to a settling timer.
        var attempt = 0
        /// The watch's number, which distinguishes it from earlier watches of the group.
        let number: Int
    }

    private let loop: EventLoop
    /// The key prefix for each server.
    private let prefixes: [String]
    private let keepers: [PresenceKeeper]
    private let shards: [RedisShard]
    private let subscribers: [Subscriber]
    private let timeLimits: RedisTimeLimits
    private var watches: [String: Watch] = [:]
    /// The number of the latest watch.
    private var number = 0

    /// The delay between a restored subscription and a new snapshot. Other processes may have to reconnect too, and
    /// their members must not be reported as gone.
    private let settleTime: Duration

    init(prefix: String, process: String, shards: [RedisShard], client: RedisClientSettings) {
        prefixes = shards.map { shard in
            // Subscribers receive messages from all databases of a server.
            shard.host.database == 0 ? "\(prefix):presence:" : "\(prefix):presence:\(shard.host.database):"
        }
        self.shards = shards
        loop = client.loop
        timeLimits = client.limits
        settleTime = client.lease.interval + client.limits.reconnect.longest / 2
        keepers = zip(prefixes, shards).map {
            PresenceKeeper(prefix: $0, process: process, commands: $1.commands, client: client)
        }
        subscribers = shards.map { Subscriber($0, role: "presence", client: client) }
        for (index, shard) in shards.enumerated() {
            shard.whenEstablished { [keepers] in keepers[index].connected() }
            subscribers[index].received = { [unowned self] channel, payload in take(channel, payload) }
            subscribers[index].changed = { [unowned self] channel, isSubscribed in
                changed(channel, isSubscribed: isSubscribed)
            }
        }
    }

    private func shard(_ group: String) -> Int { ShardHash.shard(of: group, among: shards.count) }
    func keeper(_ group: String) -> PresenceKeeper { keepers[shard(group)] }
    private func channel(_ group: String) -> String { "\(prefixes[shard(group)])changes:\(group)" }

    /// Returns the group of a channel. Group names contain no colon.
    private func group(_ channel: String) -> String {
        String(channel.suffix(from: channel.lastIndex(of: ":").map(channel.index(after:)) ?? channel.startIndex))
    }

    // MARK: Watching

    func watch(_ group: String, _ receive: @escaping Receive) {
        number += 1
        watches[group] = Watch(receive: receive, number: number)
        keeper(group).reap(true)
        let subscriber = subscribers[shard(group)]
        let channel = channel(group)
        // The subscription of the last watch may still exist.
        if subscriber.isSubscribed(channel) { begin(group) } else { subscriber.subscribe(channel) }
        failLater(group)
    }

    func unwatch(_ group: String) {
        watches[group] = nil
        let index = shard(group)
        subscribers[index].unsubscribe(channel(group))
        if !watches.keys.contains(where: { shard($0) == index }) { keepers[index].reap(false) }
    }

    private func changed(_ channel: String, isSubscribed: Bool) {
        let group = group(channel)
        guard let watch = watches[group] else { return }
        watches[group]?.attempt += 1
        let attempt = watch.attempt + 1
        guard isSubscribed else {
            watches[group]?.hasBegun = false
            return
        }
        if attempt == 1 { return begin(group) }
        loop.run(after: settleTime) { [self] in
            if watches[group]?.attempt == attempt { begin(group) }
        }
    }

    private func begin(_ group: String) {
        watches[group]?.hasBegun = true
        watches[group]?.receive(.began)
    }

    /// Reports an error to the watch if the subscription is not confirmed in time.
    private func failLater(_ group: String) {
        let number = number
        loop.run(after: timeLimits.command) { [self] in
            guard let watch = watches[group], watch.number == number, watch.attempt == 0, !watch.hasBegun else {
                return
            }
            let failure = Subscriber.unconfirmed([subscribers[shard(group)]])
            watch.receive(.failed(LayerError.unavailable(failure.description)))
        }
    }

    private func take(_ channel: String, _ payload: Bytes) {
        guard let watch = watches[group(channel)], watch.hasBegun else { return }
        // An unreadable change is skipped. The next change reveals the gap by its `since`.
        if let delta = PresenceDelta(payload) { watch.receive(.changed(delta)) }
    }

    // MARK: Reading

    func snapshot(of group: String, exactUpTo limit: Int, sample: Int, _ pending: PendingReply<PresenceSnapshot>) {
        pending.call = shards[shard(group)].commands.run(
            PresenceScripts.snapshot, keys: [],
            [.string(prefixes[shard(group)]), .string(group), .integer(limit), .integer(sample)]
        ) { result in
            switch result {
            case .success(let reply):
                guard let snapshot = PresenceSnapshot(reply) else {
                    return pending.finish(
                        .failure(
                            LayerError.unavailable("Redis returned an invalid presence snapshot of group '\(group)'.")))
                }
                pending.succeed(snapshot)
            case .failure(let failure): pending.fail(failure)
            }
        }
    }

    /// Removes all entries of this process, and ends the subscriptions. `done` is called when Redis has confirmed it,
    /// or after a second.
    func close(_ done: @escaping () -> Void) {
        for subscriber in subscribers { subscriber.close() }
        watches = [:]
        let end = Countdown(keepers.count, within: .seconds(1), on: loop, done)
        for keeper in keepers { keeper.close { end.step() } }
    }
}
