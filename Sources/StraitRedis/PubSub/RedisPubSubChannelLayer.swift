public import StraitCore
public import StraitLayers
internal import Synchronization

/// A channel layer over Redis publish/subscribe: Channels' `channels_redis.pubsub.RedisPubSubChannelLayer`. Strait and
/// Django processes share its groups and channels.
///
/// Redis stores no messages: a message reaches only the processes that are subscribed at that moment. A process that
/// has lost its connection misses messages. A message to a channel that belongs to no process reaches every process
/// that waits for one there. For workers, use ``RedisChannelLayer``. Only a channel of this process can be added to a
/// group.
///
/// This process has one subscription for all its channels, and one for each group that it has members in. The
/// configuration's `groupExpiry` has no effect. Its `expiry` and `capacity` apply to messages that wait in this
/// process.
public final class RedisPubSubChannelLayer: LocalDeliveryLayer {
    /// The configuration that the layer was created with.
    public let configuration: RedisLayerConfiguration
    /// The configuration's `groupExpiry`, which has no effect in this layer.
    public var groupExpiry: Duration { configuration.groupExpiry }
    /// Counters of messages that were not delivered, and of lost connections.
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

    /// Creates a layer on the servers of `configuration`. The layer connects when it is first used.
    ///
    /// - Parameter log: The log for lost connections and unreadable messages.
    public convenience init(_ configuration: RedisLayerConfiguration = RedisLayerConfiguration(), log: Log = Log()) {
        self.init(configuration, client: RedisClientSettings(), log: log)
    }

    /// Creates a layer with its own loop, clock and network, for tests.
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
            // Groups with other names exist in this process only.
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

    /// Closes the connections, which also ends the subscriptions. Later sends and receives throw an error.
    public func close() async {
        queues.close()
        // A second call fails, which is harmless.
        try? await delivery.ask { [delivery, presenceStore] value, pending in
            delivery.end()
            // SAFETY: `value` is used only on its event loop, and this closure runs there too.
            nonisolated(unsafe) let value = value
            presenceStore.close {
                unsafe value.close()
                pending.succeed()
            }
        }
    }

    // MARK: Channels

    /// Returns the name of a new channel of this process, when the process is subscribed to it.
    ///
    /// - Throws: ``/StraitLayers/LayerError/invalidChannelName(_:)`` if the name with `prefix` is not valid.
    public func newChannel(prefix: String) async throws -> String {
        let name = name(prefix)
        guard LayerName.isChannel(name) else { throw LayerError.invalidChannelName(prefix) }
        // The caller may pass the name on, and another process may send to it at once.
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

    /// Publishes `message` to the current subscribers of `channel`. There may be none: this is not an error.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        let encoded = try envelope.encode(message)
        try await delivery.ask { $0.publish(encoded, nil, to: channel, $1) }
    }

    /// Returns the next message of `channel`, and waits for one if there is none.
    ///
    /// If the channel belongs to no process, every waiting process receives each message. Within a process, one
    /// receiver gets it.
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
    /// - Throws: ``/StraitLayers/LayerError/unsupported(_:)`` for any other channel. Channels raises `RuntimeError`.
    public func groupAdd(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) {
            await local.join(group)
            return try await establish(group)
        }
        guard names.isOwn(channel) else {
            throw LayerError.unsupported(
                """
                The channel '\(channel)' cannot be added to a group: it does not belong to this process. Add it in the \
                process that it belongs to, or use RedisChannelLayer.
                """
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

    /// Removes a channel from a group. Does nothing if the channel is not in the group.
    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) { return await local.leave(group) }
        groups.remove(group, channel: channel)
    }

    /// Publishes a message to the current members of a group, in all processes.
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

    /// Discards the messages that wait in this process, and the group memberships of channels that belong to no socket.
    /// Nothing is stored in Redis.
    public func flush() async throws {
        queues.removeAll()
        groups.removeAll()
    }
}
