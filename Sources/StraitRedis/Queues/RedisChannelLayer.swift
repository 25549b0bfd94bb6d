public import StraitCore
public import StraitLayers
internal import Synchronization

/// A channel layer that keeps messages in Redis queues: Channels' `channels_redis.core.RedisChannelLayer`. Strait and
/// Django processes share its groups and channels.
///
/// ```swift
/// func channelLayers(_ settings: Settings) throws -> ChannelLayers {
///     ["default": RedisChannelLayer(RedisLayerConfiguration(hosts: [try RedisHost("redis://10.0.0.5:6379")]))]
/// }
/// ```
///
/// Messages wait in Redis until they are received or expire. This process reads the messages for all its sockets with
/// one connection per server. A message to a group crosses that connection once, regardless of the number of its
/// sockets.
///
/// A send returns when Redis has stored the message. It throws ``/StraitLayers/LayerError/unavailable(_:)`` if Redis
/// cannot be reached or does not reply. In that case the message may or may not have been sent.
public final class RedisChannelLayer: LocalDeliveryLayer {
    /// The configuration that the layer was created with.
    public var configuration: RedisLayerConfiguration { core.configuration }
    /// The time that a channel stays in a group, from the configuration.
    public var groupExpiry: Duration { configuration.groupExpiry }
    /// Counters of messages that were not delivered, and of lost connections.
    public var counters: LayerCounters { core.local.counters }
    package var local: LocalDelivery { core.local }
    package var presence: PresenceTable { core.presence }
    private let names: QueueNames
    private let core: RedisLayerCore<QueueDelivery>
    /// This process's channels that were added to a group with `follow(_:_:)`.
    private let followers = Mutex<Set<String>>([])

    /// Creates a layer on the servers of `configuration`. The layer connects when it is first used.
    ///
    /// - Parameter log: The log for lost connections and unreadable messages.
    public convenience init(_ configuration: RedisLayerConfiguration = RedisLayerConfiguration(), log: Log = Log()) {
        self.init(configuration, client: RedisClientSettings(), log: log)
    }

    /// Creates a layer with its own loop, clock and network, for tests.
    package init(_ configuration: RedisLayerConfiguration, client: RedisClientSettings, log: Log = Log()) {
        var random = SystemRandomNumberGenerator()
        let names = QueueNames(prefix: configuration.prefix, using: &random)
        self.names = names
        core = RedisLayerCore(
            configuration, process: names.process, hasPrefix: true, hearsChannels: true, client: client, log: log
        ) { QueueDelivery(names, $0) }
    }

    /// Leaves all groups and closes the connections. Later sends and receives throw an error.
    ///
    /// Call this before the program ends, so that nothing more is sent to this process. Otherwise Redis keeps the
    /// process in its groups for some time.
    public func close() async {
        await core.close()
    }

    // MARK: Channels

    /// Returns the name of a new channel that only this process receives from.
    ///
    /// - Throws: ``/StraitLayers/LayerError/invalidChannelName(_:)`` if the name with `prefix` is not valid.
    public func newChannel(prefix: String) async throws -> String {
        var random = SystemRandomNumberGenerator()
        return try LayerName.checked(names.newChannel(prefix, using: &random), prefix: prefix)
    }

    package func socketChannel() -> String {
        core.start()
        var random = SystemRandomNumberGenerator()
        return names.socketChannel(using: &random)
    }

    package var isShared: Bool { true }

    /// Sends a message to a channel, and returns when Redis has stored it.
    ///
    /// - Throws: ``/StraitLayers/LayerError/channelFull(_:)`` if the channel is at its capacity.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        try await core.send(channel, message)
    }

    /// Returns the next message of a channel, and waits for one if there is none.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unsupported(_:)`` for a channel of a socket or of another process.
    public func receive(_ channel: String) async throws -> LayerMessage {
        if followers.withLock({ $0.contains(channel) }) { return try await local.receive(channel) }
        try LayerName.check(channel: channel)
        if channel.contains("!"), !names.isNewChannel(channel) {
            throw LayerError.unsupported(
                """
                The channel '\(channel)' belongs to another process or to a socket. Receive from a channel that this \
                layer's newChannel() returned, or from one without an exclamation mark.
                """
            )
        }
        return try await core.receive(channel)
    }

    // MARK: Groups

    package func establish(_ group: String) async throws {
        try await core.establish(group)
    }

    /// Adds a channel to a group, for ``groupExpiry`` from now. Sockets of this process stay until they leave.
    public func groupAdd(_ group: String, _ channel: String) async throws {
        try LayerName.check(group: group, channel: channel)
        if let socket = groups.channel(channel) { return try await core.join(group, socket) }
        try await core.delivery.ask { $0.add(channel, to: group, $1) }
    }

    package func follow(_ group: String, _ channel: String) async throws {
        try LayerName.check(group: group, channel: channel)
        _ = followers.withLock { $0.insert(channel) }
        do {
            try await local.follow(group, channel) { try await self.establish(group) }
        } catch {
            unfollow(group, channel)
            throw error
        }
    }

    private func unfollow(_ group: String, _ channel: String) {
        groups.remove(group, channel: channel)
        local.queues.remove(channel)
        _ = followers.withLock { $0.remove(channel) }
    }

    /// Removes a channel from a group. Does nothing if the channel is not in the group.
    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try LayerName.check(group: group, channel: channel)
        if followers.withLock({ $0.contains(channel) }) { return unfollow(group, channel) }
        // The channel may also have been added by its name in another process.
        if let socket = groups.channel(channel) { await socket.leave(group) }
        try await core.delivery.ask { $0.remove(channel, from: group, $1) }
    }

    /// Sends a message to all channels of a group, and returns when Redis has stored it. Channels at their capacity are
    /// skipped.
    public func groupSend(_ group: String, _ message: LayerMessage) async throws {
        try await publish(LayerEvent(message, expires: deadline), to: group)
    }

    package func publish(_ event: LayerEvent, to group: String) async throws {
        try await core.publish(event, to: group)
    }

    /// Deletes the layer's messages and groups of all processes in Redis. Presence is kept.
    ///
    /// Sockets of this process stay in their groups. Sockets of other Strait processes are added to theirs again within
    /// 15 seconds. Sockets of Django are not.
    public func flush() async throws {
        local.queues.removeAll()
        try await core.delivery.ask { $0.flush($1) }
    }
}
