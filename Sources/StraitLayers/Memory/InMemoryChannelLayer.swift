package import StraitNetwork
internal import Synchronization

/// A channel layer within one process: Channels' `InMemoryChannelLayer`, without its defects. It is meant for one process in
/// earnest, and not for tests alone.
public final class InMemoryChannelLayer: SocketLayer {
    public let groupExpiry: Duration
    /// How many messages may wait in a channel.
    public let capacity: ChannelCapacity
    /// How long a message waits before it is dropped. 60 seconds.
    public let expiry: Duration
    /// What was not delivered.
    public let counters = LayerCounters()
    package let groups = GroupTable()
    package let presence: PresenceTable
    private let time: any TimeSource
    private let channels = Mutex(Channels())

    private struct Channels {
        var queues: [String: ChannelQueue] = [:]
        var receivers: UInt64 = 0
        var random = SystemRandomNumberGenerator()
        /// When channels that nobody asks for any more are looked through next.
        var nextSweep = Instant(nanoseconds: .min)

        /// Changes a channel's queue in place; an empty one is forgotten.
        mutating func change<Result>(_ channel: String, _ body: (inout ChannelQueue) -> Result) -> Result {
            defer { if queues[channel]?.isEmpty == true { queues[channel] = nil } }
            return body(&queues[channel, default: ChannelQueue()])
        }

        /// Forgets, once in a while, what is too old in channels that nobody reads; how many messages that were.
        mutating func sweep(_ now: Instant, every interval: Duration) -> Int {
            guard now >= nextSweep else { return 0 }
            nextSweep = now.advanced(by: interval)
            var dropped = 0
            for (channel, var queue) in queues {
                let count = queue.removeExpired(now)
                if count == 0 { continue }
                dropped += count
                queues[channel] = queue.isEmpty ? nil : queue
            }
            return dropped
        }
    }

    /// A layer that nobody has sent to yet.
    public convenience init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400)
    ) {
        self.init(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry, time: SystemTime())
    }

    /// A layer with a clock of its own; for tests.
    package init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400), time: any TimeSource
    ) {
        self.capacity = capacity
        self.expiry = expiry
        self.groupExpiry = groupExpiry
        self.time = time
        presence = PresenceTable(MemoryPresenceStore(), groups: groups, expiry: expiry, time: time)
    }

    public func newChannel(prefix: String) async throws -> String {
        let name = name(prefix)
        guard LayerName.isChannel(name) else { throw LayerError.invalidChannelName(prefix) }
        return name
    }

    package func socketChannel() -> String { name("specific") }

    private func name(_ prefix: String) -> String {
        let own = channels.withLock { channels in
            String((0..<24).map { _ in Self.letters.randomElement(using: &channels.random)! })
        }
        return "\(prefix).inmemory!\(own)"
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    package var deadline: Instant { time.now.advanced(by: expiry) }

    public func send(_ channel: String, _ message: LayerMessage) async throws {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        guard put(LayerEvent(message, expires: deadline), in: channel) else { throw LayerError.channelFull(channel) }
    }

    public func receive(_ channel: String) async throws -> LayerMessage {
        guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
        try Task.checkCancellation()
        let id = channels.withLock { channels in
            channels.receivers += 1
            return channels.receivers
        }
        let event = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<LayerEvent?, Never>) in
                if let event = take(channel, or: ChannelQueue.Receiver(id: id, continuation: continuation)) {
                    continuation.resume(returning: event)
                } else if Task.isCancelled {
                    cancel(id, channel)
                }
            }
        } onCancel: {
            cancel(id, channel)
        }
        guard let event else { throw CancellationError() }
        return event.message
    }

    public func groupAdd(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        if let local = groups.channel(channel) { return await local.join(group) }
        groups.add(group, channel: channel, at: time.now)
    }

    package func follow(_ group: String, _ channel: String) async throws {
        try check(group, channel)
        groups.add(group, channel: channel, at: Instant(nanoseconds: .max))
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
        try await groups.publish(event, to: group, since: time.now.advanced(by: .zero - groupExpiry)) { channel in
            _ = put(event, in: channel)
        }
    }

    public func flush() async throws {
        channels.withLock { channels in
            channels.queues = channels.queues.filter { !$0.value.receivers.isEmpty }
        }
        groups.removeAll()
    }

    /// How many channels hold messages or have receivers.
    package var channelCount: Int { channels.withLock { $0.queues.count } }

    // MARK: Queues

    private func check(_ group: String, _ channel: String) throws(LayerError) {
        guard LayerName.isGroup(group) else { throw .invalidGroupName(group) }
        guard LayerName.isChannel(channel) else { throw .invalidChannelName(channel) }
    }

    /// False where the channel is full, which is counted.
    private func put(_ event: LayerEvent, in channel: String) -> Bool {
        if let local = groups.channel(channel) {
            let isTaken = local.send(event, capacity: capacity[channel])
            if !isTaken { counters.dropFull() }
            return isTaken
        }
        let now = time.now
        let (receiver, isTaken) = channels.withLock { channels -> (ChannelQueue.Receiver?, Bool) in
            counters.dropExpired(channels.sweep(now, every: expiry))
            return channels.change(channel) { queue in
                counters.dropExpired(queue.removeExpired(now))
                guard queue.count < capacity[channel] else { return (nil, false) }
                return (queue.append(event), true)
            }
        }
        receiver?.continuation.resume(returning: event)
        if !isTaken { counters.dropFull() }
        return isTaken
    }

    /// The next message, or nil where `receiver` has to wait for it.
    private func take(_ channel: String, or receiver: ChannelQueue.Receiver) -> LayerEvent? {
        let now = time.now
        return channels.withLock { channels in
            counters.dropExpired(channels.sweep(now, every: expiry))
            return channels.change(channel) { queue in
                counters.dropExpired(queue.removeExpired(now))
                let event = queue.removeFirst()
                if event == nil { queue.add(receiver) }
                return event
            }
        }
    }

    private func cancel(_ id: UInt64, _ channel: String) {
        let receiver = channels.withLock { channels in channels.change(channel) { $0.removeReceiver(id) } }
        receiver?.continuation.resume(returning: nil)
    }
}
