internal import StraitCrypto
public import StraitLayers

/// How a channel layer works with Redis: what `CONFIG` has in Channels' setting `CHANNEL_LAYERS`, with the same
/// defaults.
///
/// ```swift
/// var configuration = RedisLayerConfiguration()
/// configuration.hosts = [try RedisHost("redis://10.0.0.5")]
/// configuration.capacity = ChannelCapacity(100, ["http.*": 200])
/// ```
///
/// All processes that are to hear each other, those of Django too, have to have the same hosts in the same order, and
/// the same `prefix`, `encryptionKeys` and `serializer`. The random prefix of messages (`random_prefix_length`) is 12
/// bytes in the layer of queues and none in that of publish and subscribe, as in channels_redis, and cannot be set.
public struct RedisLayerConfiguration: Sendable, Hashable {
    /// The Redis servers. Of several, each has its share of channels and groups, by the hash of their names. Without
    /// any it is the one at localhost. Channels' `hosts`.
    public var hosts: [RedisHost]
    /// What the names of all keys in Redis begin with. Two sites that share a database need one each, of which none
    /// begins with another. Channels' `prefix`: "asgi".
    public var prefix: String
    /// How long a message may wait in a channel, in whole seconds from 1. Channels' `expiry`: 60 seconds.
    public var expiry: Duration
    /// How long a channel stays in a group that it was added to, in whole seconds from 1. Channels' `group_expiry`:
    /// 86400 seconds.
    public var groupExpiry: Duration
    /// How many messages may wait in a channel. Channels' `capacity` and `channel_capacity`: 100.
    ///
    /// channels_redis has no limit in its layer of publish and subscribe, and passes both over there.
    public var capacity: ChannelCapacity
    /// The secrets that messages are encrypted with, any text: the first one encrypts, and each of them decrypts, so
    /// that one side can be given a new one before the others. Without any, messages are not encrypted. Channels'
    /// `symmetric_encryption_keys`.
    public var encryptionKeys: [String]
    /// What messages are written as. Channels' `serializer_format`: msgpack.
    public var serializer: RedisSerializer

    /// What is not given is as in Channels.
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

    /// ``hosts``, or the one at localhost; never empty.
    package var shards: [RedisHost] { hosts.isEmpty ? [.server(RedisAddress())] : hosts }

    /// How messages travel; `hasPrefix` where they wait in queues. Keep it: making keys takes a hash each.
    package func envelope(hasPrefix: Bool) -> MessageEnvelope {
        MessageEnvelope(
            serializer: serializer, keys: FernetKeys(encryptionKeys.map(FernetKey.init(derivedFrom:))),
            hasPrefix: hasPrefix)
    }
}

extension RedisLayerConfiguration: CustomStringConvertible, CustomReflectable {
    /// The hosts and the prefix, and how many secrets there are, not which: this goes to logs.
    public var description: String {
        let secrets = encryptionKeys.count
        return "\(shards.map(\.description).joined(separator: ", ")) with the prefix \(prefix.debugDescription) as "
            + serializer.rawValue
            + (secrets == 0 ? "" : ", encrypted with \(secrets) key\(secrets == 1 ? "" : "s")")
    }

    /// Nothing beside the description: `dump` would show the secrets.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
