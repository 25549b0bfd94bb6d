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
    public let configuration: RedisLayerConfiguration
    /// The time that a channel stays in a group, from the configuration.
    public var groupExpiry: Duration { configuration.groupExpiry }
    /// Counters of messages that were not delivered, and of lost connections.
    public let counters = LayerCounters()
    package let groups: GroupTable
    package let presence: PresenceTable
    private let presenceStore: RedisPresenceStore
    private let names: QueueNames
    private let envelope: MessageEnvelope
    private let queues: ChannelQueues
    private let established = EstablishedGroups()
    /// This process's channels that were added to a group with `follow(_:_:)`.
    private let followers = Mutex<Set<String>>([])
    private let time: any TimeSource
    private let delivery: LoopOwned<QueueDelivery>

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
        names = QueueNames(prefix: configuration.prefix, using: &random)
        envelope = configuration.envelope(hasPrefix: true)
        queues = ChannelQueues(
            capacity: configuration.capacity, expiry: configuration.expiry, time: time, counters: counters)
        let delivery = LoopOwned<QueueDelivery>(loop: client.loop)
        groups = GroupTable { group in
            // Groups with other names exist in this process only.
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

    /// Leaves all groups and closes the connections. Later sends and receives throw an error.
    ///
    /// Call this before the program ends, so that nothing more is sent to this process. Otherwise Redis keeps the
    /// process in its groups for some time.
    public func close() async {
        queues.close()
        // A second call fails, which is harmless.
        try? await delivery.ask { [delivery, presenceStore] value, pending in
            delivery.end()
            // SAFETY: `value` is used only on its event loop, and this closure runs there too.
            nonisolated(unsafe) let value = value
            presenceStore.close { unsafe value.close(pending) }
        }
    }

    // MARK: Channels

    /// Returns the name of a new channel that only this process receives from.
    ///
    /// - Throws: ``/StraitLayers/LayerError/invalidChannelName(_:)`` if the name with `prefix` is not valid.
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

    /// Sends a message to a channel, and returns when Redis has stored it.
    ///
    /// - Throws: ``/StraitLayers/LayerError/channelFull(_:)`` if the channel is at its capacity.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        let encoded = try envelope.encode(message)
        try await delivery.ask { $0.send(encoded, to: channel, $1) }
    }

    /// Returns the next message of a channel, and waits for one if there is none.
    ///
    /// - Throws: ``/StraitLayers/LayerError/unsupported(_:)`` for a channel of a socket or of another process.
    public func receive(_ channel: String) async throws -> LayerMessage {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        if followers.withLock({ $0.contains(channel) }) { return try await queues.receive(channel).message }
        if channel.contains("!"), !names.isNewChannel(channel) {
            throw LayerError.unsupported(
                """
                The channel '\(channel)' belongs to another process or to a socket. Receive from a channel that this \
                layer's newChannel() returned, or from one without an exclamation mark.
                """
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

    /// Adds a channel to a group, for ``groupExpiry`` from now. Sockets of this process stay until they leave.
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

    /// Removes a channel from a group. Does nothing if the channel is not in the group.
    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if followers.withLock({ $0.contains(channel) }) { return unfollow(group, channel) }
        // The channel may also have been added by its name in another process.
        if let local = groups.channel(channel) { await local.leave(group) }
        try await delivery.ask { $0.remove(channel, from: group, $1) }
    }

    /// Sends a message to all channels of a group, and returns when Redis has stored it. Channels at their capacity are
    /// skipped.
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

    /// Deletes the layer's messages and groups of all processes in Redis. Presence is kept.
    ///
    /// Sockets of this process stay in their groups. Sockets of other Strait processes are added to theirs again within
    /// 15 seconds. Sockets of Django are not.
    public func flush() async throws {
        queues.removeAll()
        try await delivery.ask { $0.flush($1) }
    }
}
