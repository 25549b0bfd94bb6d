public import StraitLayers
public import StraitNetwork
internal import Synchronization

/// A channel layer over Redis' publish and subscribe: Channels' `channels_redis.pubsub.RedisPubSubChannelLayer`.
/// Processes of Strait and of Django share its groups and channels.
///
/// Nothing waits in Redis: what is sent reaches who listens at that moment. So nothing is kept for a process that has
/// lost its connection, and a message to a channel that belongs to no process reaches everybody who waits for one
/// there, not one of them: for workers, take ``RedisChannelLayer``. Only a channel of this process can be added to a
/// group.
///
/// This process has one subscription for all of its channels, and one for each group that a socket of it is in. Of the
/// configuration, `groupExpiry` has no meaning here, and `expiry` and `capacity` are those of what waits within this
/// process.
public final class RedisPubSubChannelLayer: SocketLayer {
    /// What it was made with.
    public let configuration: RedisLayerConfiguration
    public var groupExpiry: Duration { configuration.groupExpiry }
    /// What was not delivered.
    public let counters = LayerCounters()
    package let groups: GroupTable
    package let presence: PresenceTable
    private let presenceStore: RedisPresenceStore
    private let names: PubSubNames
    private let envelope: MessageEnvelope
    private let queues: ChannelQueues
    private let established = EstablishedGroups()
    private let time: any TimeSource
    private let delivery: LoopOwned<PubSubDelivery>

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
        names = PubSubNames(prefix: configuration.prefix, using: &random)
        envelope = configuration.envelope(hasPrefix: false)
        queues = ChannelQueues(
            capacity: configuration.capacity, expiry: configuration.expiry, time: time, counters: counters)
        let delivery = LoopOwned<PubSubDelivery>(loop: client.loop)
        groups = GroupTable { group in
            // What has another name is this process' own affair.
            if LayerName.isGroup(group) { delivery.perform { $0.changed(group) } }
        }
        let shards = RedisShard.all(
            of: configuration, process: names.process, client: client, counters: counters, log: log)
        delivery.begin(
            PubSubDelivery(
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
                value.close()
            }
        }
    }

    /// Ends the connections, and with them the subscriptions. What is sent or received from then on is refused.
    public func close() async {
        queues.close()
        // It fails where that was done before.
        try? await delivery.ask { [delivery, presenceStore] value, ticket in
            delivery.end()
            // Sound: it is followed on its loop alone, where this is called.
            nonisolated(unsafe) let value = value
            presenceStore.close {
                unsafe value.close()
                ticket.succeed()
            }
        }
    }

    // MARK: Channels

    public func newChannel(prefix: String) async throws -> String {
        let name = name(prefix)
        guard LayerName.isChannel(name) else { throw LayerError.invalidChannelName(prefix) }
        // Whoever is told the name next may send to it at once.
        try await delivery.ask { $0.startListening($1) }
        return name
    }

    package func socketChannel() -> String {
        delivery.perform { $0.startListening() }
        return name("specific")
    }

    private func name(_ prefix: String) -> String {
        var random = SystemRandomNumberGenerator()
        return names.newChannel(prefix, using: &random)
    }

    package var isShared: Bool { true }
    package var deadline: Instant { time.now.advanced(by: configuration.expiry) }

    /// Sends `message` to whoever listens to `channel` now; nobody says whether anybody does.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        let encoded = try envelope.encode(message)
        try await delivery.ask { $0.publish(encoded, nil, to: channel, $1) }
    }

    /// The next message of `channel`, for which it waits. Where the channel belongs to no process, everybody who waits
    /// gets each message, within this process one of them.
    public func receive(_ channel: String) async throws -> LayerMessage {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        let delivery = delivery
        return try await queues.receive(channel) {
            delivery.perform { $0.awaitedChanged(channel) }
        }.message
    }

    // MARK: Groups

    package func establish(_ group: String) async throws {
        if established.contains(group), established.hearsChannels.load(ordering: .relaxed) { return }
        try await delivery.ask { $0.establish(group, $1) }
    }

    /// Adds a channel of this process to a group.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unsupported(_:)`` for any other channel, where Channels has a
    ///   `RuntimeError`.
    public func groupAdd(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) {
            await local.join(group)
            return try await establish(group)
        }
        guard names.isOwn(channel) else {
            throw LayerError.unsupported(
                "The channel '\(channel)' cannot be added to a group here: it is not this process' own. Have its own process add it, or use RedisChannelLayer, which can."
            )
        }
        try await follow(group, channel)
    }

    package func follow(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        groups.add(group, channel: channel, at: Instant(nanoseconds: .max))
        do {
            try await establish(group)
        } catch {
            groups.remove(group, channel: channel)
            throw error
        }
    }

    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) { return await local.leave(group) }
        groups.remove(group, channel: channel)
    }

    public func groupSend(_ group: String, _ message: LayerMessage) async throws {
        try await publish(LayerEvent(message, expires: deadline), to: group)
    }

    package func publish(_ event: LayerEvent, to group: String) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        let encoded = try envelope.encode(event.message)
        try await delivery.ask { $0.publish(encoded, event, toGroup: group, $1) }
    }

    private func check(_ group: String, _ channel: String) throws(LayerError) {
        guard LayerName.isGroup(group) else { throw .invalidGroupName(group) }
        guard LayerName.isChannel(channel) else { throw .invalidChannelName(channel) }
    }

    /// Forgets what waits within this process, and the channels of nobody's socket that were added to groups. In Redis
    /// there is nothing to delete.
    public func flush() async throws {
        queues.removeAll()
        groups.removeAll()
    }
}
