package import StraitCore

/// A layer whose groups local sockets join directly, so that one hand-off per event loop delivers an event to all of
/// the loop's sockets. All of Strait's layers conform.
package protocol LocalDeliveryLayer: ChannelLayer {
    /// The groups and channels of this process, and delivery to them.
    var local: LocalDelivery { get }

    /// The presence entries and subscriptions of this process.
    var presence: PresenceTable { get }

    /// Counts of undelivered messages.
    var counters: LayerCounters { get }

    /// Returns a new channel name for a socket.
    func socketChannel() -> String

    /// Waits until events sent to `group` by any process reach this process. Call it when a socket has joined. It is
    /// cheap if other sockets are members already.
    ///
    /// - Throws: ``LayerError/unavailable(_:)`` if the subscription fails. The socket should leave the group then.
    func establish(_ group: String) async throws

    /// Adds a channel to a group until it is discarded, without expiry.
    func follow(_ group: String, _ channel: String) async throws

    /// Publishes `event` to a group. See ``ChannelLayer/groupSend(_:_:)``.
    func publish(_ event: LayerEvent, to group: String) async throws

    /// Whether the layer is shared with other processes.
    var isShared: Bool { get }

    /// Drops all queued messages and ends all waits for messages. A layer over Redis also leaves its groups, closes its
    /// connections and rejects later calls. A layer in memory can be used again, such as by the next site of a test.
    func close() async
}

extension LocalDeliveryLayer {
    /// The group members in this process.
    package var groups: GroupTable { local.groups }

    /// The expiry time of an event that is sent now.
    package var deadline: Instant { local.deadline }

    package func follow(_ group: String, _ channel: String) async throws {
        try await local.follow(group, channel) { try await self.establish(group) }
    }
}

/// The part that all layers share: the groups of this process, and its channels without a socket.
package final class LocalDelivery: Sendable {
    package let groups: GroupTable
    package let queues: ChannelQueues
    package let counters: LayerCounters
    package let time: any TimeSource
    private let capacity: ChannelCapacity
    private let expiry: Duration

    package init(
        capacity: ChannelCapacity, expiry: Duration, time: any TimeSource, groups: GroupTable = GroupTable(),
        counters: LayerCounters = LayerCounters()
    ) {
        self.capacity = capacity
        self.expiry = expiry
        self.time = time
        self.groups = groups
        self.counters = counters
        queues = ChannelQueues(capacity: capacity, expiry: expiry, time: time, counters: counters)
    }

    /// The expiry time of an event that is sent now.
    package var deadline: Instant { time.now.advanced(by: expiry) }

    /// Creates the table of this process's presence entries and subscriptions, with `store` as its storage.
    package func presence(in store: any PresenceStore) -> PresenceTable {
        PresenceTable(store, groups: groups, expiry: expiry, time: time)
    }

    // MARK: Channels

    /// Queues `event` in a channel. If the channel is full, counts the event as dropped and returns false.
    @discardableResult
    package func put(_ event: LayerEvent, in channel: String) -> Bool {
        if let socket = groups.channel(channel) { return send(event, to: socket) }
        return queues.put(event, in: channel)
    }

    /// Sends `event` to a socket of this process. If its channel is full, counts the event as dropped and returns
    /// false.
    ///
    /// - Parameter groups: Groups that the event was already published to in this process. A socket in one of them is
    ///   skipped.
    @discardableResult
    package func send(_ event: LayerEvent, to socket: LocalChannel, unlessIn groups: [String] = []) -> Bool {
        let isSent = socket.send(event, capacity: capacity[socket.name], unlessIn: groups)
        if !isSent { counters.dropFull() }
        return isSent
    }

    /// Waits for the next message of `channel` and returns it.
    ///
    /// - Parameter changed: Called when the receiver starts to wait, and when it is cancelled while it waits.
    package func receive(_ channel: String, changed: @Sendable () -> Void = {}) async throws -> LayerMessage {
        try LayerName.check(channel: channel)
        return try await queues.receive(channel, changed: changed).message
    }

    // MARK: Groups

    /// Adds a channel to a group without expiry, and removes it again if `establish` fails.
    package func follow(
        _ group: String, _ channel: String, establish: nonisolated(nonsending) () async throws -> Void
    ) async throws {
        try LayerName.check(group: group, channel: channel)
        groups.add(group, channel: channel, at: Instant(nanoseconds: .max))
        do {
            try await establish()
        } catch {
            groups.remove(group, channel: channel)
            throw error
        }
    }

    /// Removes a channel from a group.
    package func discard(_ group: String, _ channel: String) async throws {
        try LayerName.check(group: group, channel: channel)
        if let socket = groups.channel(channel) { return await socket.leave(group) }
        groups.remove(group, channel: channel)
    }

    /// Discards the messages that wait in this process, and the group memberships of channels that belong to no socket.
    package func flush() {
        queues.removeAll()
        groups.removeAll()
    }
}
