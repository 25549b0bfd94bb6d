public import StraitLayers
public import StraitNetwork
internal import Synchronization

/// A channel layer in Redis, as channels_redis keeps it: Channels' `channels_redis.core.RedisChannelLayer`. Processes
/// of Strait and of Django share its groups and channels.
///
/// ```swift
/// func channelLayers(_ settings: Settings) throws -> ChannelLayers {
///     ["default": RedisChannelLayer(RedisLayerConfiguration(hosts: [try RedisHost("redis://10.0.0.5:6379")]))]
/// }
/// ```
///
/// Messages wait in Redis until somebody takes them, or are too old. This process reads with one connection for all of
/// its sockets: a message to a group crosses once, however many of them are in it.
///
/// A send returns when Redis has the message. It throws ``/StraitLayers/LayerError/unavailable(_:)`` where Redis could
/// not be reached, or did not answer: then the message may have been sent or not.
public final class RedisChannelLayer: SocketLayer {
    /// What it was made with.
    public let configuration: RedisLayerConfiguration
    public var groupExpiry: Duration { configuration.groupExpiry }
    /// What was not delivered.
    public let counters = LayerCounters()
    package let groups: GroupTable
    package let presence: PresenceTable
    private let presenceStore: RedisPresenceStore
    private let names: QueueNames
    private let envelope: MessageEnvelope
    private let queues: ChannelQueues
    private let established = EstablishedGroups()
    /// Channels that hear of a group within this process alone.
    private let followers = Mutex<Set<String>>([])
    private let time: any TimeSource
    private let delivery: LoopOwned<QueueDelivery>

    /// A layer on the servers of `configuration`. Nothing is connected before it is needed.
    ///
    /// - Parameter log: Where it says that a server was lost, and what it could not read.
    public convenience init(_ configuration: RedisLayerConfiguration = RedisLayerConfiguration(), log: Log = Log()) {
        self.init(configuration, client: RedisClientSettings(), log: log)
    }

    /// A layer with a loop, a clock and a network of its own; for tests.
    package init(_ configuration: RedisLayerConfiguration, client: RedisClientSettings, log: Log = Log()) {
        self.configuration = configuration
        time = client.loop.time
        var random = SystemRandomNumberGenerator()
        names = QueueNames(prefix: configuration.prefix, using: &random)
        envelope = configuration.envelope(hasPrefix: true)
        queues = ChannelQueues(
            capacity: configuration.capacity, expiry: configuration.expiry, time: time, counters: counters)
        let delivery = LoopOwned<QueueDelivery>(loop: client.loop)
        groups = GroupTable { group in
            // What has another name is this process' own affair.
            if LayerName.isGroup(group) { delivery.perform { $0.changed(group) } }
        }
        let shards = RedisShard.all(
            of: configuration, process: names.process, client: client, counters: counters, log: log)
        delivery.begin(
            QueueDelivery(
                names: names, configuration: configuration, envelope: envelope, groups: groups, queues: queues,
                counters: counters, established: established, shards: shards, client: client, log: log))
        self.delivery = delivery
        presenceStore = RedisPresenceStore(
            prefix: configuration.prefix, process: names.process, shards: shards, client: client)
        presence = PresenceTable(presenceStore, groups: groups, expiry: configuration.expiry, time: time)
    }

    deinit {
        presenceStore.close { [delivery] in
            delivery.perform { value in
                delivery.end()
                value.close(nil)
            }
        }
    }

    /// Leaves the groups and ends the connections. What is sent or received from then on is refused. A program does it
    /// when it ends, so that nothing is sent to it any more; without it, Redis forgets the process after a while.
    public func close() async {
        queues.close()
        // It fails where that was done before.
        try? await delivery.ask { [delivery, presenceStore] value, ticket in
            delivery.end()
            // Sound: it is followed on its loop alone, where this is called.
            nonisolated(unsafe) let value = value
            presenceStore.close { unsafe value.close(ticket) }
        }
    }

    // MARK: Channels

    public func newChannel(prefix: String) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let name = names.newChannel(prefix, using: &random)
        guard LayerName.isChannel(name) else { throw LayerError.invalidChannelName(prefix) }
        return name
    }

    package func socketChannel() -> String {
        delivery.perform { $0.startReading() }
        var random = SystemRandomNumberGenerator()
        return names.socketChannel(using: &random)
    }

    package var isShared: Bool { true }
    package var deadline: Instant { time.now.advanced(by: configuration.expiry) }

    public func send(_ channel: String, _ message: LayerMessage) async throws {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        let encoded = try envelope.encode(message)
        try await delivery.ask { $0.send(encoded, to: channel, $1) }
    }

    public func receive(_ channel: String) async throws -> LayerMessage {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        if followers.withLock({ $0.contains(channel) }) { return try await queues.receive(channel).message }
        if channel.contains("!"), !names.isNewChannel(channel) {
            throw LayerError.unsupported(
                "The channel '\(channel)' is another process' or a socket's. Receive from one that newChannel() of this layer named, or from one of nobody's, without an exclamation mark."
            )
        }
        let delivery = delivery
        return try await queues.receive(channel) {
            delivery.perform { $0.awaitedChanged(channel) }
        }.message
    }

    // MARK: Groups

    package func establish(_ group: String) async throws {
        if established.contains(group) { return }
        try await delivery.ask { $0.establish(group, $1) }
    }

    public func groupAdd(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        guard let local = groups.channel(channel) else {
            return try await delivery.ask { $0.add(channel, to: group, $1) }
        }
        await local.join(group)
        try await establish(group)
    }

    package func follow(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        _ = followers.withLock { $0.insert(channel) }
        groups.add(group, channel: channel, at: Instant(nanoseconds: .max))
        do {
            try await establish(group)
        } catch {
            unfollow(group, channel)
            throw error
        }
    }

    private func unfollow(_ group: String, _ channel: String) {
        groups.remove(group, channel: channel)
        queues.remove(channel)
        _ = followers.withLock { $0.remove(channel) }
    }

    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if followers.withLock({ $0.contains(channel) }) { return unfollow(group, channel) }
        // Somebody else may have added it by its name.
        if let local = groups.channel(channel) { await local.leave(group) }
        try await delivery.ask { $0.remove(channel, from: group, $1) }
    }

    public func groupSend(_ group: String, _ message: LayerMessage) async throws {
        try await publish(LayerEvent(message, expires: deadline), to: group)
    }

    package func publish(_ event: LayerEvent, to group: String) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        let encoded = try envelope.encode(event.message)
        try await delivery.ask { $0.send(encoded, event, toGroup: group, $1) }
    }

    private func check(_ group: String, _ channel: String) throws(LayerError) {
        guard LayerName.isGroup(group) else { throw .invalidGroupName(group) }
        guard LayerName.isChannel(channel) else { throw .invalidChannelName(channel) }
    }

    /// Deletes everything of the layer in Redis, of all processes, but who is present: messages, and who is in which
    /// group. Sockets of this process stay in their groups; those of other processes of Strait come back to theirs
    /// within a quarter of a minute, Django's do not.
    public func flush() async throws {
        queues.removeAll()
        try await delivery.ask { $0.flush($1) }
    }
}
