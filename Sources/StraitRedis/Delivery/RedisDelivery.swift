import StraitCore
import StraitLayers
import Synchronization

/// The part of a Redis layer that runs on the Redis event loop. It sends messages and delivers received ones.
/// Loop-bound.
///
/// `QueueDelivery` stores messages in queues in Redis. `PubSubDelivery` publishes them to subscribers.
protocol RedisDelivery: AnyObject, SendableMetatype {
    var parts: RedisDeliveryParts { get }

    /// Starts to receive messages for the channels of this process.
    func start()

    /// Sends a message to a channel.
    func send(_ message: EncodedMessage, to channel: String, _ pending: PendingReply<Void>)

    /// Sends a message to a group. Members in this process receive `event` when the message comes back.
    func send(_ message: EncodedMessage, _ event: LayerEvent, toGroup group: String, _ pending: PendingReply<Void>)

    /// Joins or leaves a group in Redis after its first member in this process joined or its last one left.
    func changed(_ group: String)

    /// Finishes `pending` once messages sent to `group` reach this process.
    func establish(_ group: String, _ pending: PendingReply<Void>)

    /// Updates the reads or subscriptions after a receiver of `channel` began or stopped waiting.
    func awaitedChanged(_ channel: String)

    /// Delivers the messages received so far, closes the connections, and then finishes `pending`.
    func close(_ pending: PendingReply<Void>?)
}

/// The parts of a layer that ``RedisDelivery`` uses.
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

    /// Returns the event of a received message. It expires as if the message had just been sent.
    func event(_ message: LayerMessage) -> LayerEvent {
        LayerEvent(message, expires: loop.now.advanced(by: configuration.expiry))
    }

    /// Decodes a payload. Counts and logs an unreadable payload, and returns nil for it.
    ///
    /// - Parameter origin: The payload's origin for the log, such as "from the channel 'work'".
    func decode(_ payload: Bytes, _ origin: @autoclosure () -> String, timeToLive: Int? = nil) -> ReceivedMessage? {
        do throws(MessageEnvelopeError) {
            return try envelope.decode(payload, now: loop.time.wallClock, timeToLive: timeToLive)
        } catch {
            counters.skip()
            log.error("Dropped an unreadable message \(origin()) in Redis. \(error)")
            return nil
        }
    }

    /// Delivers an event to the members of a group in this process. Returns the number of sockets among them.
    func deliver(_ event: LayerEvent, toGroup group: String) -> Int {
        let count = groups.memberCount(of: group)
        groups.publishNow(event, to: group, since: Instant(nanoseconds: .min)) { [queues] channel in
            _ = queues.put(event, in: channel)
        }
        return count
    }

    /// Runs `body` on the Redis event loop when the event loops of the members have caught up.
    func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let (groups, loop) = (groups, loop)
        Task {
            // `room()` does not fail here: a stopped loop has room, and this task is never cancelled.
            try? await groups.room()
            loop.execute(body)
        }
    }
}

/// The groups whose messages reach this process. Thread-safe, because joins on any thread check it.
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
