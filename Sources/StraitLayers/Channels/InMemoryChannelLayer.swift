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
    public let counters = LayerCounters()
    package let groups = GroupTable()
    package let presence: PresenceTable
    private let time: any TimeSource
    private let queues: ChannelQueues
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
        self.time = time
        queues = ChannelQueues(capacity: capacity, expiry: expiry, time: time, counters: counters)
        presence = PresenceTable(MemoryPresenceStore(), groups: groups, expiry: expiry, time: time)
    }

    /// Returns a new channel name of the form `prefix.inmemory!…`.
    ///
    /// - Throws: ``LayerError/invalidChannelName(_:)`` if `prefix` is not valid.
    public func newChannel(prefix: String) async throws -> String {
        let name = name(prefix)
        guard LayerName.isChannel(name) else { throw LayerError.invalidChannelName(prefix) }
        return name
    }

    package func socketChannel() -> String { name("specific") }

    private func name(_ prefix: String) -> String {
        let own = random.withLock { random in
            String((0..<24).map { _ in Self.letters[Int.random(in: 0..<Self.letters.count, using: &random)] })
        }
        return "\(prefix).inmemory!\(own)"
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    package var deadline: Instant { time.now.advanced(by: expiry) }

    /// Sends `message` to one channel.
    ///
    /// - Throws: ``LayerError/channelFull(_:)`` if the channel is at its capacity;
    ///   ``LayerError/invalidChannelName(_:)``.
    public func send(_ channel: String, _ message: LayerMessage) async throws {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        guard put(LayerEvent(message, expires: deadline), in: channel) else { throw LayerError.channelFull(channel) }
    }

    /// Waits for the next message of `channel` and returns it.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; ``LayerError/invalidChannelName(_:)``.
    public func receive(_ channel: String) async throws -> LayerMessage {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        return try await queues.receive(channel).message
    }

    /// Adds a channel to a group, or restarts its ``groupExpiry``. A local socket's channel does not expire.
    public func groupAdd(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) { return await local.join(group) }
        groups.add(group, channel: channel, at: time.now)
    }

    package var isShared: Bool { false }
    package func close() async {}

    package func establish(_ group: String) async throws {}

    package func follow(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        groups.add(group, channel: channel, at: Instant(nanoseconds: .max))
    }

    /// Removes a channel from a group.
    public func groupDiscard(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) { return await local.leave(group) }
        groups.remove(group, channel: channel)
    }

    /// Sends `message` to all channels of a group. Full channels are skipped and counted.
    public func groupSend(_ group: String, _ message: LayerMessage) async throws {
        try await publish(LayerEvent(message, expires: deadline), to: group)
    }

    package func publish(_ event: LayerEvent, to group: String) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        try await groups.publish(event, to: group, since: time.now.advanced(by: .zero - groupExpiry)) { channel in
            _ = put(event, in: channel)
        }
    }

    /// Removes all queued messages and all channels that were added to groups. Sockets stay in their groups.
    public func flush() async throws {
        queues.removeAll()
        groups.removeAll()
    }

    /// The number of channels that hold messages or have receivers.
    package var channelCount: Int { queues.count }

    // MARK: Queues

    private func check(_ group: String, _ channel: String) throws(LayerError) {
        guard LayerName.isGroup(group) else { throw .invalidGroupName(group) }
        guard LayerName.isChannel(channel) else { throw .invalidChannelName(channel) }
    }

    /// Queues `event` in a channel. If the channel is full, counts the event as dropped and returns false.
    private func put(_ event: LayerEvent, in channel: String) -> Bool {
        if let local = groups.channel(channel) {
            let isTaken = local.send(event, capacity: capacity[channel])
            if !isTaken { counters.dropFull() }
            return isTaken
        }
        return queues.put(event, in: channel)
    }
}
