import StraitCore
import StraitLayers

/// The delivery of `RedisChannelLayer`. Messages wait in queues in Redis: one for all sockets of a process, and one for
/// each other channel. Loop-bound.
final class QueueDelivery: RedisDelivery {
    let parts: RedisDeliveryParts
    let names: QueueNames
    let announcer: GroupMembership
    private var ownReaders: [OwnQueueReader] = []
    private var awaitedReaders: [AwaitedChannelReader] = []
    private var awaited: Set<String> = []
    var expected = ExpectedEvents<UInt64>()
    private var generator: any RandomNumberGenerator
    /// The index of the server for the next message to a channel of no process.
    private var turn = 0

    /// The minimum capacity of the queue for all sockets of a process. A process takes messages at once, so more than
    /// this wait only if it is blocked or gone.
    static let processCapacity = 1000

    init(_ names: QueueNames, _ parts: RedisDeliveryParts) {
        self.names = names
        self.parts = parts
        let (client, shards) = (parts.client, parts.shards)
        // An initialization vector must be unpredictable. A prefix only has to be different each time, which needs no
        // system call.
        generator = parts.envelope.keys == nil ? SeededGenerator(seed: .random(in: 0 ... .max)) : client.generator()
        announcer = GroupMembership(
            loop: client.loop, names: names, groups: parts.local.groups, shards: shards,
            expiry: parts.configuration.groupExpiry, refresh: client.refresh, established: parts.established,
            log: parts.log)
        for (index, shard) in shards.enumerated() {
            shard.commandsLost = { [announcer] in announcer.disconnected(index) }
            shard.whenEstablished { [announcer] in announcer.connected(index) }
            ownReaders.append(
                OwnQueueReader(
                    names.ownQueue, link: shard.link(for: "own"), client: client,
                    isBehind: { [groups] in groups.isBehind },
                    whenRoom: { [unowned self] body in whenRoom(body) },
                    deliver: { [unowned self] payload in take(payload) }))
            awaitedReaders.append(
                AwaitedChannelReader(
                    names, link: shard.link(for: "awaited"), commands: shard.commands, expiry: configuration.expiry,
                    client: client, awaited: { [unowned self] in awaited.filter(self.queues.isAwaited) },
                    deliver: { [unowned self] channel, payload in hand(payload, to: channel) }))
        }
    }

    func start() {
        for reader in ownReaders { reader.start() }
    }

    func changed(_ group: String) {
        start()
        announcer.changed(group)
    }

    func establish(_ group: String, _ pending: PendingReply<Void>) {
        start()
        announcer.establish(group, pending)
    }

    // MARK: Sending

    func send(_ message: EncodedMessage, to channel: String, _ pending: PendingReply<Void>) {
        let isOfProcess = channel.contains("!")
        let nonLocal = LayerName.nonLocal(channel)
        let index = isOfProcess ? shard(nonLocal) : nextShard()
        let tag = isOfProcess ? Self.tag(channel) : []
        let capacity = configuration.capacity[channel]
        do throws(LayerError) {
            let payload = try envelope.seal(
                message, to: isOfProcess ? .channel(channel) : .queue, stamp: stamp(tag: tag))
            let arguments: [RedisArgument] = [
                .string(configuration.expiry.secondsText), .integer(capacity),
                .integer(max(capacity, Self.processCapacity)), .bytes(Bytes(tag)), .bytes(payload),
            ]
            pending.call = shards[index].commands.run(
                QueueScripts.send, keys: [names.queue(channel)], arguments
            ) { [counters] result in
                switch result {
                case .success(.integer(1)): pending.succeed()
                case .success:
                    counters.dropFull()
                    pending.finish(.failure(LayerError.channelFull(channel)))
                case .failure(let failure): pending.fail(failure)
                }
            }
        } catch {
            pending.finish(.failure(error))
        }
    }

    private func nextShard() -> Int {
        turn = (turn + 1) % shards.count
        return turn
    }

    /// Returns the first bytes of a channel's payloads, which distinguish it from other channels with the same queue.
    private static func tag(_ channel: String) -> [UInt8] {
        let hash = ShardHash.crc32(channel)
        return (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    }

    func stamp(tag: [UInt8] = []) -> PayloadStamp {
        let drawn = envelope.stamp(at: loop.time.wallClock, using: &generator)
        if tag.isEmpty { return drawn }
        var prefix = drawn.prefix
        for (index, byte) in tag.enumerated() { prefix[index] = byte }
        return PayloadStamp(prefix: prefix, iv: drawn.iv, time: drawn.time)
    }

    // MARK: Receiving

    /// Delivers a message to sockets of this process. Returns the number of sockets that received it.
    private func take(_ payload: Bytes) -> Int {
        let own = Self.key(of: payload).flatMap { expected.take($0) }
        if let own, own.length == payload.count { return hand(own.event, to: own.destinations) }
        guard let received = decode(payload, "from this process's queue", timeToLive: timeToLive) else { return 0 }
        return hand(own?.event ?? event(received.message), to: received.destinations)
    }

    private func hand(_ event: LayerEvent, to destinations: [String]) -> Int {
        var published: [String] = []
        var count = 0
        for destination in destinations {
            guard let part = names.groupPart(destination) else { continue }
            // The group's last member left while the message was in transit.
            guard let group = announcer.group(part) else { continue }
            published.append(group)
            count += deliver(event, toGroup: group)
        }
        if destinations.count == published.count { return count }
        for destination in destinations where names.groupPart(destination) == nil {
            guard let socket = groups.channel(destination) else {
                counters.dropUnknown()
                continue
            }
            count += 1
            local.send(event, to: socket, unlessIn: published)
        }
        return count
    }

    /// Delivers a message to a waiting receiver of `channel`. Returns false if none waits any more.
    private func hand(_ payload: Bytes, to channel: String) -> Bool {
        guard queues.isAwaited(channel) else { return false }
        // An unreadable message is dropped. Put back, it would block all others.
        guard let received = decode(payload, "from the channel '\(channel)'", timeToLive: timeToLive) else {
            return true
        }
        defer { if !queues.isAwaited(channel) { awaited.remove(channel) } }
        return queues.offer(event(received.message), to: channel)
    }

    /// The maximum age of an encrypted payload in seconds, as in channels_redis.
    private var timeToLive: Int { Int(configuration.expiry.components.seconds) + 10 }

    /// Returns the identity of a payload: the last eight bytes of its prefix.
    static func key(_ stamp: PayloadStamp) -> UInt64 {
        (4..<12).reduce(0) { $0 << 8 | UInt64(stamp.prefix[$1]) }
    }

    private static func key(of payload: Bytes) -> UInt64? {
        guard payload.count >= MessageEnvelope.prefixLength else { return nil }
        return (4..<12).reduce(0) { $0 << 8 | UInt64(payload[$1]) }
    }

    func awaitedChanged(_ channel: String) {
        if queues.isAwaited(channel) { awaited.insert(channel) } else { awaited.remove(channel) }
        for reader in awaitedReaders { reader.changed() }
    }

    // MARK: Flushing and closing

    /// Deletes the layer's keys on all servers, except presence.
    func flush(_ pending: PendingReply<Void>) {
        var failure: RedisFailure?
        let answers = Countdown(shards.count) {
            if let failure { pending.fail(failure) } else { pending.succeed() }
        }
        for (index, shard) in shards.enumerated() {
            shard.commands.run(
                QueueScripts.flush, keys: [],
                [
                    .string(RedisGlob.escaped(names.prefix) + "*"), .string(names.prefix + ":presence:"),
                ]
            ) {
                [self] result in
                if case .failure(let error) = result { failure = error }
                announcer.connected(index)
                answers.step()
            }
        }
    }

    /// Leaves all groups, puts undelivered messages back, and closes the connections when Redis has confirmed both.
    func close(_ pending: PendingReply<Void>?) {
        for reader in ownReaders { reader.close() }
        announcer.close()
        // Messages that are read until then are still delivered, so this closure keeps the object alive.
        let end = Countdown(shards.count, within: Self.closingTime, on: loop) { [self] in
            for shard in shards { shard.close() }
            pending?.succeed()
        }
        for (shard, reader) in zip(shards, awaitedReaders) {
            reader.close { [names] in
                guard shard.commands.isReady else { return end.step() }
                let keys: [RedisArgument] = [.string(names.ownQueue), .string(names.wakeQueue)]
                shard.commands.call(RedisCommand("DEL", keys)) { _ in end.step() }
            }
        }
    }

    /// The maximum time that a closing layer waits for Redis.
    private static let closingTime = Duration.seconds(1)
}
