import StraitCore
import StraitLayers
import Synchronization

/// The part of `RedisPubSubChannelLayer` on the Redis event loop: it publishes, and delivers received messages.
/// Loop-bound.
final class PubSubDelivery {
    private let names: PubSubNames
    private let loop: EventLoop
    private let configuration: RedisLayerConfiguration
    private let envelope: MessageEnvelope
    private let groups: GroupTable
    private let queues: ChannelQueues
    private let counters: LayerCounters
    private let log: Log
    private let timeLimits: RedisTimeLimits
    private let established: EstablishedGroups
    private let shards: [RedisShard]
    private let subscribers: [Subscriber]
    private var expected = ExpectedEvents<Published>()
    private var generator: any RandomNumberGenerator
    /// Channels of no process that this process is subscribed to for its receivers. The timer ends a subscription
    /// without receivers.
    private var general: [String: LoopTimer] = [:]

    private var isResting = false
    private var coalescing = WriteCoalescing()
    /// Messages that wait for others, and the time of the first.
    private var held: [Heard] = []
    private var heldBytes = 0
    private var heldSince = Instant(nanoseconds: 0)
    /// Whether messages have arrived since the last check.
    private var hasMore = false
    private let next = LoopTimer()

    /// The identity of an expected message: a hash, because many messages are expected at once.
    ///
    /// Another process may publish equal bytes at the same time. The two messages are then indistinguishable, which is
    /// harmless.
    private struct Published: Hashable {
        let hash: Int
        let count: Int

        init(channel: String, payload: Bytes) {
            var hasher = Hasher()
            hasher.combine(channel)
            hasher.combine(payload)
            hash = hasher.finalize()
            count = payload.count
        }
    }

    /// A received message and its channel.
    private struct Heard {
        let channel: String
        let payload: Bytes
    }

    init(
        names: PubSubNames, configuration: RedisLayerConfiguration, envelope: MessageEnvelope, groups: GroupTable,
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
        self.established = established
        self.log = log
        timeLimits = client.limits
        loop = client.loop
        generator = client.generator()
        self.shards = shards
        subscribers = shards.map { Subscriber($0, role: "subscriber", client: client) }
        next.action = { [unowned self] in
            if !held.isEmpty { handOut() }
        }
        for (index, subscriber) in subscribers.enumerated() {
            subscriber.received = { [unowned self] channel, payload in
                // Subscribers receive messages from all databases of a server.
                if shard(channel) == index { take(payload, from: channel) }
            }
            subscriber.changed = { [unowned self] channel, isSubscribed in
                guard let group = self.names.group(of: channel) else { return }
                if isSubscribed { self.established.insert(group) } else { self.established.remove(group) }
            }
        }
    }

    private func shard(_ channel: String) -> Int { ShardHash.shard(of: channel, among: shards.count) }

    /// Subscribes to the channels of this process, on all servers.
    func startListening() {
        for subscriber in subscribers { subscriber.follow(pattern: names.ownPattern) }
    }

    /// Subscribes to the channels of this process, and finishes `pending` when all servers have confirmed it.
    func startListening(_ pending: PendingReply<Void>) {
        whenListening { pending.succeed() }
        giveUp(pending)
    }

    private func whenListening(_ body: @escaping () -> Void) {
        var left = subscribers.count
        for subscriber in subscribers {
            subscriber.follow(pattern: names.ownPattern) { [self] in
                left -= 1
                guard left == 0 else { return }
                established.hearsChannels.store(true, ordering: .relaxed)
                body()
            }
        }
    }

    /// Fails `pending` if the servers do not confirm in time.
    private func giveUp(_ pending: PendingReply<Void>) {
        if !pending.isOpen { return }
        let timer = LoopTimer()
        timer.action = { [self] in
            timer.action = {}
            guard pending.isOpen else { return }
            let reasons = subscribers.map(\.lastReason).joined(separator: " ")
            pending.fail(.unavailable("Redis did not confirm a subscription in time. \(reasons)"))
        }
        loop.arm(timer, after: timeLimits.command)
    }

    // MARK: Sending

    /// Publishes to a channel. Members in this process receive `event` when the message comes back.
    func publish(_ message: EncodedMessage, _ event: LayerEvent?, to channel: String, _ pending: PendingReply<Void>) {
        do throws(LayerError) {
            let stamp = envelope.stamp(at: loop.time.wallClock, using: &generator)
            let payload = try envelope.seal(message, to: .queue, stamp: stamp)
            let published = Published(channel: channel, payload: payload)
            let isHeard = event != nil && names.group(of: channel).map(groups.isEmpty) == false
            if let event, isHeard { expected.expect(published, event, length: payload.count, now: loop.now) }
            let command = RedisCommand("PUBLISH", [.string(channel), .bytes(payload)])
            pending.call = shards[shard(channel)].commands.call(command) { [self] reply in
                if isHeard, case .failure(let failure) = reply {
                    // A command that was sent may still be published.
                    if case .lost = failure {} else { _ = expected.take(published) }
                }
                pending.finish(reply)
            }
        } catch {
            pending.finish(.failure(error))
        }
    }

    func publish(_ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ pending: PendingReply<Void>) {
        publish(message, event, to: names.group(group), pending)
    }

    // MARK: Receiving

    /// Delivers a published message, usually at once; see ``WriteCoalescing``.
    private func take(_ payload: Bytes, from channel: String) {
        if held.isEmpty { heldSince = loop.now }
        held.append(Heard(channel: channel, payload: payload))
        heldBytes += payload.count
        hasMore = true
        if next.isArmed { return }
        handOut()
    }

    /// Delivers the held messages, unless they should wait for more.
    private func handOut() {
        if hasMore, coalescing.holds(held.count, bytes: heldBytes, since: heldSince, now: loop.now) {
            hasMore = false
            return loop.arm(next, after: WriteCoalescing.gap)
        }
        let messages = held
        held = []
        heldBytes = 0
        hasMore = false
        let sockets = messages.reduce(0) { max($0, handOut($1.payload, from: $1.channel)) }
        if let pause = coalescing.delivered(to: sockets, now: loop.now) { loop.arm(next, after: pause) }
    }

    /// Delivers a message. Returns the number of sockets that received it.
    private func handOut(_ payload: Bytes, from channel: String) -> Int {
        let own = expected.take(Published(channel: channel, payload: payload))
        guard let event = own?.event ?? decode(payload, from: channel) else { return 0 }
        if let group = names.group(of: channel) {
            groups.publishNow(event, to: group, since: Instant(nanoseconds: .min)) { channel in
                _ = queues.put(event, in: channel)
            }
            if groups.isBehind { rest() }
            return groups.memberCount(of: group)
        } else if let local = groups.channel(channel) {
            if !local.send(event, capacity: configuration.capacity[channel]) { counters.dropFull() }
        } else if general[channel] != nil || names.isOwn(channel) {
            _ = queues.put(event, in: channel)
            if general[channel] != nil, !queues.isAwaited(channel) { received(channel) }
        }
        return 1
    }

    /// Stops reading until the event loops of the members have caught up.
    private func rest() {
        if isResting { return }
        isResting = true
        for subscriber in subscribers { subscriber.pause() }
        // SAFETY: The delivery is used only on its event loop.
        nonisolated(unsafe) let delivery = self
        let (groups, loop) = (groups, loop)
        Task {
            // `room()` does not fail here: a stopped loop has room, and this task is never cancelled.
            try? await groups.room()
            loop.execute { unsafe delivery.goOn() }
        }
    }

    private func goOn() {
        isResting = false
        for subscriber in subscribers { subscriber.resume() }
    }

    private func decode(_ payload: Bytes, from channel: String) -> LayerEvent? {
        do throws(MessageEnvelopeError) {
            let received = try envelope.decode(payload, now: loop.time.wallClock)
            return LayerEvent(received.message, expires: loop.now.advanced(by: configuration.expiry))
        } catch {
            counters.skip()
            log.error("Dropped an unreadable message that was published to '\(channel)' in Redis. \(error)")
            return nil
        }
    }

    // MARK: Subscriptions

    /// Updates the subscription after a group's first member joined or its last member left.
    func changed(_ group: String) {
        let channel = names.group(group)
        let subscriber = subscribers[shard(channel)]
        if groups.isEmpty(group) { subscriber.unsubscribe(channel) } else { subscriber.subscribe(channel) }
    }

    /// Finishes `pending` when this process is subscribed to `group` and to the channels of its sockets. Members may
    /// use their channels right after joining.
    func establish(_ group: String, _ pending: PendingReply<Void>) {
        whenListening { [self] in
            if groups.isEmpty(group) { return pending.succeed() }
            let channel = names.group(group)
            subscribers[shard(channel)].subscribe(channel, pending)
        }
        giveUp(pending)
    }

    /// Updates the subscription to `channel` after a receiver began or stopped waiting.
    func awaitedChanged(_ channel: String) {
        if names.isOwn(channel) { return startListening() }
        guard queues.isAwaited(channel) else {
            guard let timer = general[channel] else { return }
            timer.action = { [unowned self] in stopListening(to: channel) }
            return loop.arm(timer, after: timeLimits.abandonedChannel)
        }
        if let timer = general[channel] { return loop.disarm(timer) }
        general[channel] = LoopTimer()
        subscribers[shard(channel)].subscribe(channel)
    }

    /// Starts the idle time of `channel` after a message was received and no receiver waits.
    private func received(_ channel: String) {
        guard let timer = general[channel], !timer.isArmed else { return }
        timer.action = { [unowned self] in
            // A receiver that falls behind takes waiting messages, and `received` is not called for those.
            if queues.hasMessages(in: channel) { received(channel) } else { stopListening(to: channel) }
        }
        loop.arm(timer, after: timeLimits.idleChannel)
    }

    private func stopListening(to channel: String) {
        guard !queues.isAwaited(channel) else { return }
        general[channel] = nil
        counters.dropUnknown(queues.remove(channel))
        subscribers[shard(channel)].unsubscribe(channel)
    }

    /// Closes the connections, which ends all subscriptions.
    func close() {
        if !held.isEmpty {
            hasMore = false
            handOut()
        }
        loop.disarm(next)
        for timer in general.values { loop.disarm(timer) }
        general = [:]
        for subscriber in subscribers { subscriber.close() }
        for shard in shards { shard.close() }
    }
}

/// The names of `RedisPubSubChannelLayer` in Redis and of this process's channels, as in channels_redis.
struct PubSubNames: Sendable {
    /// The prefix of the names of groups and channels.
    let prefix: String
    /// The random ID of this process: 16 hexadecimal digits.
    let process: String

    init(prefix: String, using generator: inout some RandomNumberGenerator) {
        self.prefix = prefix
        process = Self.digits(using: &generator)
    }

    /// Returns a new channel name of this process.
    func newChannel(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        "\(self.prefix)\(prefix).\(process)\(Self.digits(using: &generator))"
    }

    /// The pattern for all names from ``newChannel(_:using:)``, so that one subscription covers them.
    var ownPattern: String { "\(RedisGlob.escaped(prefix))*.\(process)????????????????" }

    /// Whether `channel` belongs to this process.
    func isOwn(_ channel: String) -> Bool {
        guard let period = channel.lastIndex(of: "."), channel.hasPrefix(prefix) else { return false }
        let own = channel[period...].dropFirst()
        return own.utf8.count == 32 && own.hasPrefix(process)
    }

    private var groupStart: String { "\(prefix)__group__" }

    /// Returns the channel that a group's messages are published to.
    func group(_ name: String) -> String { groupStart + name }

    /// Returns the group that `channel` belongs to, or nil if it belongs to none.
    func group(of channel: String) -> String? {
        channel.hasPrefix(groupStart) ? String(channel.dropFirst(groupStart.count)) : nil
    }

    private static func digits(using generator: inout some RandomNumberGenerator) -> String {
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
