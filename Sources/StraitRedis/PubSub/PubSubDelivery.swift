import StraitLayers
import StraitNetwork
import Synchronization

/// What `RedisPubSubChannelLayer` does on the loop of Redis: publishes, and hands out what it hears. Loop-bound.
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
    /// Channels of nobody's process that somebody here waits for a message of, or has until a moment ago.
    private var general: [String: LoopTimer] = [:]

    private var isResting = false
    private var moderation = Moderation()
    /// What is held back, and since when.
    private var held: [Heard] = []
    private var heldBytes = 0
    private var heldSince = Instant(nanoseconds: 0)
    /// Whether something came since it was looked at last.
    private var hasMore = false
    private let next = LoopTimer()

    /// By what this process knows again what it has published and hears itself: a hash, as many are expected at once.
    /// Where another one publishes the same bytes meanwhile, nobody can tell which is which, nor needs to.
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

    /// What was heard, and where.
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
                // Databases of one server hear what is published in any of them.
                if shard(channel) == index { take(payload, from: channel) }
            }
            subscriber.changed = { [unowned self] channel, isSubscribed in
                guard let group = self.names.group(of: channel) else { return }
                if isSubscribed { self.established.insert(group) } else { self.established.remove(group) }
            }
        }
    }

    private func shard(_ channel: String) -> Int { ShardHash.shard(of: channel, among: shards.count) }

    /// Hears what is sent to channels of this process, wherever they are published, from here on.
    func startListening() {
        for subscriber in subscribers { subscriber.follow(pattern: names.ownPattern) }
    }

    /// The same; `ticket` is finished when that is so.
    func startListening(_ ticket: RedisTicket<Void>) {
        whenListening { ticket.succeed() }
        giveUp(ticket)
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

    /// Who waits for a server that does not come is told so.
    private func giveUp(_ ticket: RedisTicket<Void>) {
        if !ticket.isOpen { return }
        let timer = LoopTimer()
        timer.action = { [self] in
            timer.action = {}
            guard ticket.isOpen else { return }
            let reasons = subscribers.map(\.lastReason).joined(separator: " ")
            ticket.fail(.unavailable("Redis did not confirm a subscription in time. \(reasons)"))
        }
        loop.arm(timer, after: timeLimits.command)
    }

    // MARK: Sending

    /// Publishes to a channel; `event` is what members here get when they hear it.
    func publish(_ message: EncodedMessage, _ event: LayerEvent?, to channel: String, _ ticket: RedisTicket<Void>) {
        do throws(LayerError) {
            let stamp = envelope.stamp(at: loop.time.wallClock, using: &generator)
            let payload = try envelope.seal(message, to: .queue, stamp: stamp)
            let published = Published(channel: channel, payload: payload)
            let isHeard = event != nil && names.group(of: channel).map(groups.isEmpty) == false
            if let event, isHeard { expected.expect(published, event, length: payload.count, now: loop.now) }
            let command = RedisCommand("PUBLISH", [.string(channel), .bytes(payload)])
            ticket.call = shards[shard(channel)].commands.call(command) { [self] reply in
                if isHeard, case .failure(let failure) = reply {
                    // What left may still come.
                    if case .lost = failure {} else { _ = expected.take(published) }
                }
                ticket.finish(reply)
            }
        } catch {
            ticket.finish(.failure(error))
        }
    }

    func publish(_ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ ticket: RedisTicket<Void>) {
        publish(message, event, to: names.group(group), ticket)
    }

    // MARK: Receiving

    /// Hands out what was published, at once as a rule; see ``Moderation``.
    private func take(_ payload: Bytes, from channel: String) {
        if held.isEmpty { heldSince = loop.now }
        held.append(Heard(channel: channel, payload: payload))
        heldBytes += payload.count
        hasMore = true
        if next.isArmed { return }
        handOut()
    }

    /// Hands out what is held back, unless more is waited for.
    private func handOut() {
        if hasMore, moderation.holds(held.count, bytes: heldBytes, since: heldSince, now: loop.now) {
            hasMore = false
            return loop.arm(next, after: Moderation.gap)
        }
        let messages = held
        held = []
        heldBytes = 0
        hasMore = false
        let sockets = messages.reduce(0) { max($0, handOut($1.payload, from: $1.channel)) }
        if let pause = moderation.delivered(to: sockets, now: loop.now) { loop.arm(next, after: pause) }
    }

    /// To how many sockets it went.
    private func handOut(_ payload: Bytes, from channel: String) -> Int {
        let own = expected.take(Published(channel: channel, payload: payload))
        guard let event = own?.event ?? decode(payload, from: channel) else { return 0 }
        if let group = names.group(of: channel) {
            groups.publishNow(event, to: group, since: Instant(nanoseconds: .min)) { channel in
                _ = queues.put(event, in: channel)
            }
            if groups.isHeldUp { rest() }
            return groups.memberCount(of: group)
        } else if let local = groups.channel(channel) {
            if !local.send(event, capacity: configuration.capacity[channel]) { counters.dropFull() }
        } else if general[channel] != nil || names.isOwn(channel) {
            _ = queues.put(event, in: channel)
            if general[channel] != nil, !queues.isAwaited(channel) { received(channel) }
        }
        return 1
    }

    /// Hears nothing more until the loops that are held up go on.
    private func rest() {
        if isResting { return }
        isResting = true
        for subscriber in subscribers { subscriber.pause() }
        // Sound: it is followed on its loop alone.
        nonisolated(unsafe) let delivery = self
        let (groups, loop) = (groups, loop)
        Task {
            // A loop that has ended has room; nobody cancels this.
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
            log.error("What was published to '\(channel)' in Redis was dropped, as it could not be read. \(error)")
            return nil
        }
    }

    // MARK: Subscriptions

    /// Somebody here may have come into `group` first, or left it last.
    func changed(_ group: String) {
        let channel = names.group(group)
        let subscriber = subscribers[shard(channel)]
        if groups.isEmpty(group) { subscriber.unsubscribe(channel) } else { subscriber.subscribe(channel) }
    }

    /// Finishes `ticket` when what is sent to `group` reaches this process, and what is sent to the channels of its
    /// sockets: who has joined may be asked for its channel next.
    func establish(_ group: String, _ ticket: RedisTicket<Void>) {
        whenListening { [self] in
            if groups.isEmpty(group) { return ticket.succeed() }
            let channel = names.group(group)
            subscribers[shard(channel)].subscribe(channel, ticket)
        }
        giveUp(ticket)
    }

    /// Somebody began to wait for a message of `channel`, which belongs to no process, or gave up.
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

    /// A message of `channel` was received, and no `receive` waits for it.
    private func received(_ channel: String) {
        guard let timer = general[channel], !timer.isArmed else { return }
        timer.action = { [unowned self] in
            // A receiver that falls behind takes messages that wait already, which `received` does not see.
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

    /// Ends the connections, and with them all subscriptions.
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
