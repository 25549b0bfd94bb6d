public import StraitCore
public import StraitLayers

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
    public var configuration: RedisLayerConfiguration { core.configuration }
    /// The configuration's `groupExpiry`, which has no effect in this layer.
    public var groupExpiry: Duration { configuration.groupExpiry }
    /// Counters of messages that were not delivered, and of lost connections.
    public var counters: LayerCounters { core.local.counters }
    package var local: LocalDelivery { core.local }
    package var presence: PresenceTable { core.presence }
    private let names: PubSubNames
    private let core: RedisLayerCore<PubSubDelivery>

    /// Creates a layer on the servers of `configuration`. The layer connects when it is first used.
    ///
    /// - Parameter log: The log for lost connections and unreadable messages.
    public convenience init(_ configuration: RedisLayerConfiguration = RedisLayerConfiguration(), log: Log = Log()) {
        self.init(configuration, client: RedisClientSettings(), log: log)
    }

    /// Creates a layer with its own loop, clock and network, for tests.
    package init(_ configuration: RedisLayerConfiguration, client: RedisClientSettings, log: Log = Log()) {
        var random = SystemRandomNumberGenerator()
        let names = PubSubNames(prefix: configuration.prefix, using: &random)
        self.names = names
        core = RedisLayerCore(
            configuration, process: names.process, hasPrefix: false, hearsChannels: false, client: client, log: log
        ) { PubSubDelivery(names, $0) }
    }

    /// Closes the connections, which also ends the subscriptions. Later sends and receives throw an error.
    public func close() async {
        await core.close()
    }

    // MARK: Channels

    /// Returns the name of a new channel of this process, when the process is subscribed to it.
    ///
    /// - Throws: ``/StraitLayers/LayerError/invalidChannelName(_:)`` if the name with `prefix` is not valid.
    public func newChannel(prefix: String) async throws -> String {
        let name = try LayerName.checked(name(prefix), prefix: prefix)
        // The caller may pass the name on, and another process may send to it at once.
        try await core.delivery.ask { $0.startListening($1) }
        return name
    }

    package func socketChannel() -> String {
        core.start()
        return name("specific")
    }

    private func name(_ prefix: String) -> String {
        var random = SystemRandomNumberGenerator()
        return names.newChannel(prefix, using: &random)
    }

    package var isShared: Bool { true }

    /// Publishes `message` to the current subscribers of `channel`. There may be none: this is not an error.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        try await core.send(channel, message)
    }

    /// Returns the next message of `channel`, and waits for one if there is none.
    ///
    /// If the channel belongs to no process, every waiting process receives each message. Within a process, one
    /// receiver gets it.
    public func receive(_ channel: String) async throws -> LayerMessage {
        try await core.receive(channel)
    }

    // MARK: Groups

    package func establish(_ group: String) async throws {
        try await core.establish(group)
    }

    /// Adds a channel of this process to a group.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unsupported(_:)`` for any other channel. Channels raises `RuntimeError`.
    public func groupAdd(_ group: String, _ channel: String) async throws {
        try LayerName.check(group: group, channel: channel)
        if let socket = groups.channel(channel) { return try await core.join(group, socket) }
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

    /// Removes a channel from a group. Does nothing if the channel is not in the group.
    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try await local.discard(group, channel)
    }

    /// Publishes a message to the current members of a group, in all processes.
    public func groupSend(_ group: String, _ message: LayerMessage) async throws {
        try await publish(LayerEvent(message, expires: deadline), to: group)
    }

    package func publish(_ event: LayerEvent, to group: String) async throws {
        try await core.publish(event, to: group)
    }

    /// Discards the messages that wait in this process, and the group memberships of channels that belong to no socket.
    /// Nothing is stored in Redis.
    public func flush() async throws {
        local.flush()
    }
}
