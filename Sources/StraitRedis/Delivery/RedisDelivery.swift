import StraitCore
import StraitLayers
import Synchronization

/// The part of a Redis layer on the Redis event loop: it sends, and delivers received messages. Loop-bound.
///
/// `QueueDelivery` keeps messages in queues in Redis. `PubSubDelivery` publishes them to subscribers.
protocol RedisDelivery: AnyObject, SendableMetatype {
    var parts: RedisDeliveryParts { get }

    /// Starts receiving messages to the channels of this process.
    func start()

    /// Sends a message to a channel.
    func send(_ message: EncodedMessage, to channel: String, _ pending: PendingReply<Void>)

    /// Sends a message to a group. Members in this process receive `event` when the message comes back.
    func send(_ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ pending: PendingReply<Void>)

    /// Joins or leaves a group after its first member in this process joined or its last member left.
    func changed(_ group: String)

    /// Finishes `pending` when this process receives messages to `group`.
    func establish(_ group: String, _ pending: PendingReply<Void>)

    /// Updates the reads after a receiver of `channel` began or stopped waiting.
    func awaitedChanged(_ channel: String)

    /// Delivers the messages that were received, and closes the connections. Finishes `pending` then.
    func close(_ pending: PendingReply<Void>?)
}

/// The parts of a layer that its delivery uses.
struct RedisDeliveryParts {
    let configuration: RedisLayerConfiguration
    let envelope: MessageEnvelope
    let local: LocalDelivery
    let established: EstablishedGroups
    let shards: [RedisShard]
    let client: RedisClientSettings
    let log: Log
}

extension RedisDelivery {
    var configuration: RedisLayerConfiguration { parts.configuration }
    var envelope: MessageEnvelope { parts.envelope }
    var local: LocalDelivery { parts.local }
    var groups: GroupTable { parts.local.groups }
    var queues: ChannelQueues { parts.local.queues }
    var counters: LayerCounters { parts.local.counters }
    var established: EstablishedGroups { parts.established }
    var shards: [RedisShard] { parts.shards }
    var loop: EventLoop { parts.client.loop }
    var log: Log { parts.log }

    /// Returns the index of the server for `name`.
    func shard(_ name: String) -> Int { ShardHash.shard(of: name, among: parts.shards.count) }

    /// Returns the event of a received message, which expires as if it had been sent now.
    func event(_ message: LayerMessage) -> LayerEvent {
        LayerEvent(message, expires: loop.now.advanced(by: configuration.expiry))
    }

    /// Decodes a payload. An unreadable one is dropped, counted and logged.
    ///
    /// - Parameter origin: Where the payload comes from, for the log.
    func decode(_ payload: Bytes, _ origin: @autoclosure () -> String, timeToLive: Int? = nil) -> ReceivedMessage? {
        do throws(MessageEnvelopeError) {
            return try envelope.decode(payload, now: loop.time.wallClock, timeToLive: timeToLive)
        } catch {
            counters.skip()
            log.error("Dropped an unreadable message \(origin()) in Redis. \(error)")
            return nil
        }
    }

    /// Delivers an event to the members of a group in this process. Returns the number of its sockets.
    func deliver(_ event: LayerEvent, toGroup group: String) -> Int {
        let count = groups.memberCount(of: group)
        groups.publishNow(event, to: group, since: Instant(nanoseconds: .min)) { [queues] channel in
            _ = queues.put(event, in: channel)
        }
        return count
    }

    /// Runs `body` on the loop when the event loops of the members have caught up.
    func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let (groups, loop) = (groups, loop)
        Task {
            // `room()` does not fail here: a stopped loop has room, and this task is never cancelled.
            try? await groups.room()
            loop.execute(body)
        }
    }
}

/// The groups whose messages reach this process. Thread-safe, because each join checks it.
final class EstablishedGroups: Sendable {
    private struct State {
        var names: Set<String> = []
        var hearsChannels: Bool
    }

    private let state: Mutex<State>

    /// - Parameter hearsChannels: Whether messages to the channels of this process reach it without a subscription.
    init(hearsChannels: Bool) { state = Mutex(State(hearsChannels: hearsChannels)) }

    /// Whether messages to `group`, and to the channels of its sockets, reach this process.
    func contains(_ group: String) -> Bool {
        state.withLock { $0.hearsChannels && $0.names.contains(group) }
    }

    func insert(_ group: String) { state.withLock { _ = $0.names.insert(group) } }
    func remove(_ group: String) { state.withLock { _ = $0.names.remove(group) } }

    /// Sets whether messages to the channels of this process reach it.
    func setHearsChannels(_ hears: Bool) { state.withLock { $0.hearsChannels = hears } }
}
