import StraitCore
import StraitLayers

/// The part that both Redis layers share. It checks names, encodes messages on the sender's thread, and passes them to
/// the delivery on the Redis event loop.
final class RedisLayerCore<Delivery: RedisDelivery>: Sendable {
    let configuration: RedisLayerConfiguration
    let local: LocalDelivery
    let presence: PresenceTable
    let delivery: LoopOwned<Delivery>
    private let envelope: MessageEnvelope
    private let established: EstablishedGroups
    private let presenceStore: RedisPresenceStore

    /// - Parameters:
    ///   - process: The ID of this process in Redis.
    ///   - hasPrefix: Whether each payload has a random prefix, so that equal messages have different payloads.
    ///   - hearsChannels: Whether messages to the channels of this process reach it without a subscription.
    ///   - make: A closure that creates the delivery.
    init(
        _ configuration: RedisLayerConfiguration, process: String, hasPrefix: Bool, hearsChannels: Bool,
        client: RedisClientSettings, log: Log, _ make: (RedisDeliveryParts) -> Delivery
    ) {
        self.configuration = configuration
        envelope = configuration.envelope(hasPrefix: hasPrefix)
        established = EstablishedGroups(hearsChannels: hearsChannels)
        let delivery = LoopOwned<Delivery>(loop: client.loop)
        let groups = GroupTable { group in
            // The hidden groups of presence have names that are not valid, and exist only in this process.
            if LayerName.isGroup(group) { delivery.perform { $0.changed(group) } }
        }
        local = LocalDelivery(
            capacity: configuration.capacity, expiry: configuration.expiry, time: client.loop.time, groups: groups)
        let shards = RedisShard.all(
            of: configuration, process: process, client: client, counters: local.counters, log: log)
        delivery.begin(
            make(
                RedisDeliveryParts(
                    configuration: configuration, envelope: envelope, local: local, established: established,
                    shards: shards, client: client, log: log)))
        self.delivery = delivery
        presenceStore = RedisPresenceStore(
            prefix: configuration.prefix, process: process, shards: shards, client: client)
        presence = local.presence(in: presenceStore)
    }

    deinit {
        presenceStore.close { [delivery] in
            delivery.perform { value in
                delivery.end()
                value.close(nil)
            }
        }
    }

    func close() async {
        local.queues.close()
        // A second call fails, which is harmless.
        try? await delivery.ask { [delivery, presenceStore] value, pending in
            delivery.end()
            // SAFETY: `value` is used only on its event loop, and this closure runs there too.
            nonisolated(unsafe) let value = value
            presenceStore.close { unsafe value.close(pending) }
        }
    }

    // MARK: Channels

    func start() { delivery.perform { $0.start() } }

    func send(_ channel: String, _ message: LayerMessage) async throws {
        try LayerName.check(channel: channel)
        let encoded = try envelope.encode(message)
        try await delivery.ask { $0.send(encoded, to: channel, $1) }
    }

    func receive(_ channel: String) async throws -> LayerMessage {
        let delivery = delivery
        return try await local.receive(channel) {
            delivery.perform { $0.awaitedChanged(channel) }
        }
    }

    // MARK: Groups

    func establish(_ group: String) async throws {
        if established.contains(group) { return }
        try await delivery.ask { $0.establish(group, $1) }
    }

    /// Adds a socket of this process to a group.
    func join(_ group: String, _ socket: LocalChannel) async throws {
        await socket.join(group)
        try await establish(group)
    }

    func publish(_ event: LayerEvent, to group: String) async throws {
        try LayerName.check(group: group)
        let encoded = try envelope.encode(event.message)
        try await delivery.ask { $0.send(encoded, event, toGroup: group, $1) }
    }
}
