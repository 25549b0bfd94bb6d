package import StraitCore
internal import StraitCrypto
public import StraitLayers

/// The configuration of a Redis channel layer: `CONFIG` of Channels' setting `CHANNEL_LAYERS`, with the same defaults.
///
/// ```swift
/// var configuration = RedisLayerConfiguration()
/// configuration.hosts = [try RedisHost("redis://10.0.0.5")]
/// configuration.capacity = ChannelCapacity(100, ["http.*": 200])
/// ```
///
/// All Strait and Django processes that exchange messages need the same hosts in the same order. They also need the
/// same `prefix`, `encryptionKeys` and `serializer`.
///
/// The length of the random prefix of messages (`random_prefix_length`) is fixed, as in channels_redis: 12 bytes in
/// ``RedisChannelLayer`` and 0 in ``RedisPubSubChannelLayer``.
public struct RedisLayerConfiguration: Sendable, Hashable {
    /// The Redis servers. Channels and groups are distributed among several servers by a hash of their names. If empty,
    /// the server is localhost. Channels' `hosts`.
    public var hosts: [RedisHost]
    /// The prefix of all keys in Redis. Channels' `prefix`: "asgi".
    ///
    /// Sites that share a database need different prefixes. No prefix may begin with another site's prefix.
    public var prefix: String
    /// The time that a message may wait in a channel, in whole seconds from 1. Channels' `expiry`: 60 seconds.
    public var expiry: Duration
    /// The time that a channel stays in a group after it was added, in whole seconds from 1. Channels' `group_expiry`:
    /// 86400 seconds.
    public var groupExpiry: Duration
    /// The number of messages that may wait in a channel. Channels' `capacity` and `channel_capacity`: 100.
    ///
    /// channels_redis ignores both settings in its publish/subscribe layer, which has no limit.
    public var capacity: ChannelCapacity
    /// The secrets that messages are encrypted with; any text is valid. Channels' `symmetric_encryption_keys`.
    ///
    /// The first secret encrypts, and every secret decrypts, so the sides can change secrets one after the other. If
    /// empty, messages are not encrypted.
    public var encryptionKeys: [String]
    /// The serialization format of messages. Channels' `serializer_format`: msgpack.
    public var serializer: RedisSerializer

    /// Creates a configuration with Channels' defaults for omitted values.
    public init(
        hosts: [RedisHost] = [], prefix: String = "asgi", expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400), capacity: ChannelCapacity = ChannelCapacity(),
        encryptionKeys: [String] = [], serializer: RedisSerializer = .msgpack
    ) {
        self.hosts = hosts
        self.prefix = prefix
        self.expiry = expiry
        self.groupExpiry = groupExpiry
        self.capacity = capacity
        self.encryptionKeys = encryptionKeys
        self.serializer = serializer
    }

    /// ``hosts``, or localhost if there are none. Never empty.
    package var shards: [RedisHost] { hosts.isEmpty ? [.server(RedisAddress())] : hosts }

    /// Creates the envelope for messages. `hasPrefix` is for messages in queues. Reuse the result: each encryption key
    /// takes a hash to create.
    package func envelope(hasPrefix: Bool) -> MessageEnvelope {
        MessageEnvelope(
            serializer: serializer, keys: FernetKeys(encryptionKeys.map(FernetKey.init(derivedFrom:))),
            hasPrefix: hasPrefix)
    }
}

extension RedisLayerConfiguration: CustomStringConvertible, CustomReflectable {
    /// The hosts, the prefix and the number of secrets, without the secrets. Suitable for logs.
    public var description: String {
        let secrets = encryptionKeys.count
        return "\(shards.map(\.description).joined(separator: ", ")) with the prefix \(prefix.debugDescription) as "
            + serializer.rawValue
            + (secrets == 0 ? "" : ", encrypted with \(secrets) key\(secrets == 1 ? "" : "s")")
    }

    /// An empty mirror, because `dump` would show the secrets.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The environment of a layer's connections, which tests can replace.
package struct RedisClientSettings: Sendable {
    /// The event loop of all connections.
    package var loop: EventLoop
    /// The factory for connections.
    package var dialer: any RedisDialer = SocketDialer()
    /// The time limits for communication with Redis.
    package var limits = RedisTimeLimits()
    /// Creates a random number generator. The generators must be independent.
    package var generator: @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }
    /// The interval at which group memberships are renewed in Redis.
    package var refresh: Duration = .seconds(15)

    /// The lease of this process in presence.
    package var lease = PresenceLease()

    package init(loop: EventLoop = RedisClientSettings.sharedLoop) { self.loop = loop }

    /// The event loop of all layers of this process. Its thread starts with the first layer.
    ///
    /// It is separate from the server's loops, so that a blocked server loop does not delay Redis, and the reverse.
    package static let sharedLoop: EventLoop = {
        let loop = EventLoop()
        loop.start()
        return loop
    }()
}
