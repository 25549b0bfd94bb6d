import StraitCore
import StraitLayers

/// The delivery of `RedisPubSubChannelLayer`. Redis passes each published message to the processes that are subscribed,
/// and stores none. Loop-bound.
final class PubSubDelivery: RedisDelivery {
    let parts: RedisDeliveryParts
    private let names: PubSubNames
    private let timeLimits: RedisTimeLimits
    private let subscribers: [Subscriber]
    private var expected = ExpectedEvents<Published>()
    private var generator: any RandomNumberGenerator
    /// Channels of no process that this process is subscribed to for its receivers. The timer ends a subscription
    /// without receivers.
    private var general: [String: LoopTimer] = [:]
    /// The calls that wait until all servers have confirmed the subscription to the channels of this process.
    private var whenListening = Ring<(pending: PendingReply<Void>, body: () -> Void)>()

    private var isResting = false
    private var held = HeldMessages<Heard>()
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

    init(_ names: PubSubNames, _ parts: RedisDeliveryParts) {
        self.names = names
        self.parts = parts
        timeLimits = parts.client.limits
        generator = parts.client.generator()
        subscribers = parts.shards.map { Subscriber($0, role: "subscriber", client: parts.client) }
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
                if isSubscribed { established.insert(group) } else { established.remove(group) }
            }
            subscriber.patternChanged = { [unowned self] in listeningChanged() }
        }
    }

    /// Subscribes to the channels of this process, on all servers.
    func start() {
        for subscriber in subscribers { subscriber.follow(pattern: names.ownPattern) }
    }

    /// Subscribes to the channels of this process, and finishes `pending` when all servers have confirmed it.
    func startListening(_ pending: PendingReply<Void>) {
        whenListening(pending) { pending.succeed() }
        giveUp(pending)
    }

    private func whenListening(_ pending: PendingReply<Void>, _ body: @escaping () -> Void) {
        start()
        if isListening { body() } else { whenListening.append((pending, body)) }
    }

    private var isListening: Bool { subscribers.allSatisfy(\.isPatternConfirmed) }

    private func listeningChanged() {
        established.setHearsChannels(isListening)
        guard isListening else { return }
        var calls = whenListening.takeAll()
        while let call = calls.popFirst() { call.body() }
    }

    /// Fails `pending` if the servers do not confirm in time.
    private func giveUp(_ pending: PendingReply<Void>) {
        if !pending.isOpen { return }
        loop.run(after: timeLimits.command) { [self] in
            if pending.isOpen { pending.fail(Subscriber.unconfirmed(subscribers)) }
            while let first = whenListening.first, !first.pending.isOpen { _ = whenListening.removeFirst() }
        }
    }

    // MARK: Sending

    func send(_ message: EncodedMessage, to channel: String, _ pending: PendingReply<Void>) {
        publish(message, nil, to: channel, pending)
    }

    func send(_ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ pending: PendingReply<Void>) {
        publish(message, event, to: names.group(group), pending)
    }

    /// Publishes to a channel. Members in this process receive `event` when the message comes back.
    private func publish(
        _ message: EncodedMessage, _ event: LayerEvent?, to channel: String, _ pending: PendingReply<Void>
    ) {
        do throws(LayerError) {
            let stamp = envelope.stamp(at: loop.time.wallClock, using: &generator)
            let payload = try envelope.seal(message, to: .queue, stamp: stamp)
            let published = Published(channel: channel, payload: payload)
            let isHeard = event != nil && names.group(of: channel).map(groups.isEmpty) == false
            if let event, isHeard { expected.expect(published, event, length: payload.count, now: loop.now) }
            let commands = shards[shard(channel)].commands
            let finish = { [self] (reply: Result<RedisValue, RedisFailure>) in
                if isHeard, case .failure(let failure) = reply {
                    // A command that was sent may still be published.
                    if case .lost = failure {} else { _ = expected.take(published) }
                }
                pending.finish(reply)
            }
            if let once = event?.once {
                pending.call = commands.run(
                    Self.publishOnce, keys: [channel, names.once(once, channel)],
                    [.bytes(payload), .string("\(once.number)")], finish)
            } else {
                let command = RedisCommand("PUBLISH", [.string(channel), .bytes(payload)])
                pending.call = commands.call(command, finish)
            }
        } catch {
            pending.finish(.failure(error))
        }
    }

    /// Publishes a message with a number, unless it was published before.
    ///
    /// KEYS: the channel; the key of the last number. ARGV: the payload; the number.
    private static let publishOnce = RedisScript(
        QueueScripts.isNew + """
            if not isNew(KEYS[2], ARGV[2]) then return 0 end
            return redis.call('PUBLISH', KEYS[1], ARGV[1])
            """)

    // MARK: Receiving

    /// Delivers a published message, usually at once; see ``WriteCoalescing``.
    private func take(_ payload: Bytes, from channel: String) {
        held.add(Heard(channel: channel, payload: payload), bytes: payload.count, now: loop.now)
        hasMore = true
        if next.isArmed { return }
        handOut()
    }

    /// Delivers the held messages, unless they should wait for more.
    private func handOut() {
        if hasMore, held.waits(at: loop.now) {
            hasMore = false
            return loop.arm(next, after: WriteCoalescing.gap)
        }
        hasMore = false
        let sockets = held.takeAll().reduce(0) { max($0, handOut($1.payload, from: $1.channel)) }
        if let pause = held.delivered(to: sockets, now: loop.now) { loop.arm(next, after: pause) }
    }

    /// Delivers a message. Returns the number of sockets that received it.
    private func handOut(_ payload: Bytes, from channel: String) -> Int {
        let own = expected.take(Published(channel: channel, payload: payload))
        let decoded = own == nil ? decode(payload, "that was published to '\(channel)'") : nil
        guard let event = own?.event ?? decoded.map({ event($0.message) }) else { return 0 }
        if let group = names.group(of: channel) {
            let sockets = deliver(event, toGroup: group)
            if groups.isBehind { rest() }
            return sockets
        } else if let socket = groups.channel(channel) {
            local.send(event, to: socket)
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
        whenRoom { unsafe delivery.goOn() }
    }

    private func goOn() {
        isResting = false
        for subscriber in subscribers { subscriber.resume() }
    }

    // MARK: Subscriptions

    func changed(_ group: String) {
        let channel = names.group(group)
        let subscriber = subscribers[shard(channel)]
        if groups.isEmpty(group) { subscriber.unsubscribe(channel) } else { subscriber.subscribe(channel) }
    }

    /// Subscribes to a group. Also waits for the subscription to the channels of this process, because members may use
    /// their channels right after joining.
    func establish(_ group: String, _ pending: PendingReply<Void>) {
        whenListening(pending) { [self] in
            if groups.isEmpty(group) { return pending.succeed() }
            let channel = names.group(group)
            subscribers[shard(channel)].subscribe(channel, pending)
        }
        giveUp(pending)
    }

    func awaitedChanged(_ channel: String) {
        if names.isOwn(channel) { return start() }
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

    func close(_ pending: PendingReply<Void>?) {
        if !held.isEmpty {
            hasMore = false
            handOut()
        }
        loop.disarm(next)
        for timer in general.values { loop.disarm(timer) }
        general = [:]
        while let call = whenListening.popFirst() { call.pending.fail(Subscriber.wasClosed) }
        for subscriber in subscribers { subscriber.close() }
        for shard in shards { shard.close() }
        pending?.succeed()
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
        process = generator.hexadecimalDigits(16)
    }

    /// Returns a new channel name of this process.
    func newChannel(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        "\(self.prefix)\(prefix).\(process)\(generator.hexadecimalDigits(16))"
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

    /// Returns the key of the last number of a stream in a channel.
    func once(_ once: OnceNumber, _ channel: String) -> String { "\(prefix)__once__\(once.stream)\(channel)" }

    /// Returns the group that `channel` belongs to, or nil if it belongs to none.
    func group(of channel: String) -> String? {
        channel.hasPrefix(groupStart) ? String(channel.dropFirst(groupStart.count)) : nil
    }
}
