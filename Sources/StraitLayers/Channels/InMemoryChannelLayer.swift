package import StraitCore
internal import Synchronization

/// A channel layer within one process: Channels' `InMemoryChannelLayer`, without its defects. It is suitable for
/// production sites that run in a single process, not only for tests.
public final class InMemoryChannelLayer: LocalDeliveryLayer {
    /// The time that a channel stays in a group after it was added. 86400 seconds by default.
    public let groupExpiry: Duration
    /// The maximum number of messages queued in a channel.
    public let capacity: ChannelCapacity
    /// The time that a message waits before it is dropped. 60 seconds by default.
    public let expiry: Duration
    /// Counts of undelivered messages.
    public var counters: LayerCounters { local.counters }
    package let local: LocalDelivery
    package let presence: PresenceTable
    private let onceNumbers = OnceNumbers()
    private let random = Mutex(SystemRandomNumberGenerator())

    /// Creates an empty layer.
    public convenience init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400)
    ) {
        self.init(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry, time: SystemTime())
    }

    /// Creates a layer with a custom clock, for tests.
    package init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400), time: any TimeSource
    ) {
        self.capacity = capacity
        self.expiry = expiry
        self.groupExpiry = groupExpiry
        local = LocalDelivery(capacity: capacity, expiry: expiry, time: time)
        presence = local.presence(in: MemoryPresenceStore())
    }

    /// Returns a new channel name of the form `prefix.inmemory!…`.
    ///
    /// - Throws: ``LayerError/invalidChannelName(_:)`` if `prefix` is not valid.
    public func newChannel(prefix: String) async throws -> String {
        try LayerName.checked(name(prefix), prefix: prefix)
    }

    package func socketChannel() -> String { name("specific") }

    private func name(_ prefix: String) -> String {
        let own = random.withLock { random in
            String((0..<24).map { _ in Self.letters[Int.random(in: 0..<Self.letters.count, using: &random)] })
        }
        return "\(prefix).inmemory!\(own)"
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    /// Sends `message` to one channel.
    ///
    /// - Throws: ``LayerError/channelFull(_:)`` if the channel is at its capacity;
    ///   ``LayerError/invalidChannelName(_:)``.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        try LayerName.check(channel: channel)
        guard local.put(LayerEvent(message, expires: deadline), in: channel) else {
            throw LayerError.channelFull(channel)
        }
    }

    /// Waits for the next message of `channel` and returns it.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; ``LayerError/invalidChannelName(_:)``;
    ///   ``LayerError/unavailable(_:)`` if the layer is closed.
    public func receive(_ channel: String) async throws -> LayerMessage {
        try await local.receive(channel)
    }

    /// Adds a channel to a group, or restarts its ``groupExpiry``. A local socket's channel does not expire.
    public func groupAdd(_ group: String, _ channel: String) async throws {
        try LayerName.check(group: group, channel: channel)
        if let socket = groups.channel(channel) { return await socket.join(group) }
        groups.add(group, channel: channel, at: local.time.now)
    }

    package var isShared: Bool { false }
    package func close() async { local.queues.endWaits() }

    package func establish(_ group: String) async throws {}

    /// Removes a channel from a group.
    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try await local.discard(group, channel)
    }

    /// Sends `message` to all channels of a group. Full channels are skipped and counted.
    public func groupSend(_ group: String, _ message: LayerMessage) async throws {
        try await publish(LayerEvent(message, expires: deadline), to: group)
    }

    package func publish(_ event: LayerEvent, to group: String) async throws {
        try LayerName.check(group: group)
        if let once = event.once, !onceNumbers.take(once, group: group) { return }
        let oldest = local.time.now.advanced(by: .zero - groupExpiry)
        try await groups.publish(event, to: group, since: oldest) { local.put(event, in: $0) }
    }

    /// Removes all queued messages and all channels that were added to groups. Sockets stay in their groups.
    public func flush() async throws {
        local.flush()
    }

    /// The number of channels that hold messages or have receivers.
    package var channelCount: Int { local.queues.count }
}
