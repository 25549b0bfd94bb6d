import StraitCore
import StraitLayers
import Synchronization

/// The part of `RedisChannelLayer` on the Redis event loop: it sends, and delivers received messages. Loop-bound.
final class QueueDelivery {
    let names: QueueNames
    let announcer: GroupMembership
    let loop: EventLoop
    let configuration: RedisLayerConfiguration
    let envelope: MessageEnvelope
    let groups: GroupTable
    let queues: ChannelQueues
    let counters: LayerCounters
    let log: Log
    let shards: [RedisShard]
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

    init(
        names: QueueNames, configuration: RedisLayerConfiguration, envelope: MessageEnvelope, groups: GroupTable,
        queues: ChannelQueues, counters: LayerCounters, established: EstablishedGroups, shards: [RedisShard],
        client: RedisClientSettings,
        log: Log
    ) {
        self.names = names
        self.configuration = configuration
        self.envelope = envelope
        self.groups = groups
        self.queues = queues
        self.counters = counters
        self.log = log
        loop = client.loop
        // An initialization vector must be unpredictable. A prefix only has to be different each time, which needs no
        // system call.
        generator = envelope.keys == nil ? SeededGenerator(seed: .random(in: 0 ... .max)) : client.generator()
        self.shards = shards
        announcer = GroupMembership(
            loop: loop, names: names, groups: groups, shards: shards, expiry: configuration.groupExpiry,
            refresh: client.refresh, established: established, log: log)
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

    /// Starts reading messages to sockets of this process.
    func startReading() {
        for reader in ownReaders { reader.start() }
    }

    /// Updates the membership after a group's first member joined or its last member left.
    func changed(_ group: String) {
        startReading()
        announcer.changed(group)
    }

    /// Finishes `pending` when this process receives messages to `group`.
    func establish(_ group: String, _ pending: PendingReply<Void>) {
        startReading()
        announcer.establish(group, pending)
    }

    private func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let (groups, loop) = (groups, loop)
        Task {
            // `room()` does not fail here: a stopped loop has room, and this task is never cancelled.
            try? await groups.room()
            loop.execute(body)
        }
    }

    // MARK: Sending

    func send(_ message: EncodedMessage, to channel: String, _ pending: PendingReply<Void>) {
        let isOfProcess = channel.contains("!")
        let nonLocal = LayerName.nonLocal(channel)
        let index = isOfProcess ? ShardHash.shard(of: nonLocal, among: shards.count) : nextShard()
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
        guard let received = decode(payload, from: "its own queue") else { return 0 }
        let event =
            own?.event ?? LayerEvent(received.message, expires: loop.now.advanced(by: configuration.expiry))
        return hand(event, to: received.destinations)
    }

    private func hand(_ event: LayerEvent, to destinations: [String]) -> Int {
        var published: [String] = []
        var count = 0
        for destination in destinations {
            guard let part = names.groupPart(destination) else { continue }
            // The group's last member left while the message was in transit.
            guard let group = announcer.group(part) else { continue }
            published.append(group)
            count += groups.memberCount(of: group)
            groups.publishNow(event, to: group, since: Instant(nanoseconds: .min)) { channel in
                _ = queues.put(event, in: channel)
            }
        }
        if destinations.count == published.count { return count }
        for destination in destinations where names.groupPart(destination) == nil {
            guard let channel = groups.channel(destination) else {
                counters.dropUnknown()
                continue
            }
            count += 1
            if !channel.send(event, capacity: configuration.capacity[destination], unlessIn: published) {
                counters.dropFull()
            }
        }
        return count
    }

    /// Delivers a message to a waiting receiver of `channel`. Returns false if none waits any more.
    private func hand(_ payload: Bytes, to channel: String) -> Bool {
        guard queues.isAwaited(channel) else { return false }
        // An unreadable message is dropped. Put back, it would block all others.
        guard let received = decode(payload, from: "the channel '\(channel)'") else { return true }
        let event = LayerEvent(received.message, expires: loop.now.advanced(by: configuration.expiry))
        defer { if !queues.isAwaited(channel) { awaited.remove(channel) } }
        return queues.offer(event, to: channel)
    }

    private func decode(_ payload: Bytes, from place: String) -> ReceivedMessage? {
        do throws(MessageEnvelopeError) {
            let timeToLive = Int(configuration.expiry.components.seconds) + 10
            return try envelope.decode(payload, now: loop.time.wallClock, timeToLive: timeToLive)
        } catch {
            counters.skip()
            log.error("Dropped an unreadable message from \(place) in Redis. \(error)")
            return nil
        }
    }

    /// Returns the identity of a payload: the last eight bytes of its prefix.
    static func key(_ stamp: PayloadStamp) -> UInt64 {
        (4..<12).reduce(0) { $0 << 8 | UInt64(stamp.prefix[$1]) }
    }

    private static func key(of payload: Bytes) -> UInt64? {
        guard payload.count >= MessageEnvelope.prefixLength else { return nil }
        return (4..<12).reduce(0) { $0 << 8 | UInt64(payload[$1]) }
    }

    /// Updates the reads after a receiver of `channel` began or stopped waiting.
    func awaitedChanged(_ channel: String) {
        if queues.isAwaited(channel) { awaited.insert(channel) } else { awaited.remove(channel) }
        for reader in awaitedReaders { reader.changed() }
    }

    // MARK: Flushing and closing

    /// Deletes the layer's keys on all servers, except presence.
    func flush(_ pending: PendingReply<Void>) {
        var left = shards.count
        var failure: RedisFailure?
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
                left -= 1
                guard left == 0 else { return }
                if let failure { pending.fail(failure) } else { pending.succeed() }
            }
        }
    }

    /// Leaves all groups, puts undelivered messages back, and closes the connections when Redis has confirmed both.
    func close(_ pending: PendingReply<Void>?) {
        for reader in ownReaders { reader.close() }
        announcer.close()
        let limit = LoopTimer()
        // Messages that are read until then are still delivered, so this closure keeps the object alive.
        let end = { [self] in
            loop.disarm(limit)
            limit.action = {}
            for shard in shards { shard.close() }
            pending?.succeed()
        }
        limit.action = end
        loop.arm(limit, after: Self.closingTime)
        var left = shards.count
        for (shard, reader) in zip(shards, awaitedReaders) {
            let closed = {
                left -= 1
                if left == 0 { end() }
            }
            reader.close { [names] in
                guard shard.commands.isReady else { return closed() }
                let keys: [RedisArgument] = [.string(names.ownQueue), .string(names.wakeQueue)]
                shard.commands.call(RedisCommand("DEL", keys)) { _ in closed() }
            }
        }
    }

    /// The maximum time that a closing layer waits for Redis.
    private static let closingTime = Duration.seconds(1)
}
