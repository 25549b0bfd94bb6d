import RedisServers
import StraitLayers

@testable import StraitRedis

/// One configuration in which Django and Strait share a channel layer.
struct LayerPair: CustomStringConvertible, Sendable {
    var isPubSub = false
    var hosts = 1
    var isEncrypted = false
    var serializer = RedisSerializer.msgpack
    /// The pair's index among all pairs.
    var number = 0

    var description: String {
        """
        \(isPubSub ? "pubsub" : "core"), \(hosts) host\(hosts == 1 ? "" : "s"), \
        \(isEncrypted ? "encrypted" : "plain"), \(serializer.rawValue)
        """
    }

    static let all: [LayerPair] = {
        var all: [LayerPair] = []
        for isPubSub in [false, true] {
            for hosts in [1, 4] {
                for isEncrypted in [false, true] {
                    for serializer in RedisSerializer.allCases {
                        all.append(
                            LayerPair(
                                isPubSub: isPubSub, hosts: hosts, isEncrypted: isEncrypted, serializer: serializer,
                                number: all.count))
                    }
                }
            }
        }
        return all
    }()

    /// The pairs of core layers, whose messages wait in Redis.
    static var cores: [LayerPair] { all.filter { !$0.isPubSub } }

    private var prefix: String { "pair\(number)x" }
    private static let secret = "a secret of both"
    /// The seconds that messages are kept: more than a test takes on a busy machine.
    private static let expiry = 3600

    /// Creates Strait's layer.
    func layer() async throws -> any LocalDeliveryLayer {
        let urls = try await RedisServer.shared.urls(databases: hosts)
        var configuration = RedisLayerConfiguration(
            hosts: try urls.map { try RedisHost($0) }, prefix: prefix, encryptionKeys: isEncrypted ? [Self.secret] : [],
            serializer: serializer)
        configuration.expiry = .seconds(Self.expiry)
        return isPubSub ? RedisPubSubChannelLayer(configuration) : RedisChannelLayer(configuration)
    }

    /// Django's layer, in the format of `CHANNEL_LAYERS`.
    func setting() async throws -> LayerValue {
        let urls = try await RedisServer.shared.urls(databases: hosts)
        var options: LayerMessage = [
            "hosts": .array(urls.map { .string($0) }),
            "prefix": .string(prefix), "serializer_format": .string(serializer.rawValue),
        ]
        // channels_redis' pub/sub layer stores no messages.
        if !isPubSub { options["expiry"] = .int(Self.expiry) }
        if isEncrypted { options["symmetric_encryption_keys"] = [.string(Self.secret)] }
        return [
            "BACKEND": .string(
                isPubSub ? "channels_redis.pubsub.RedisPubSubChannelLayer" : "channels_redis.core.RedisChannelLayer"),
            "CONFIG": .object(options),
        ]
    }

    private static let process = Task {
        var settings: [LayerValue] = []
        for pair in all { settings.append(try await pair.setting()) }
        return try await DjangoLayers(settings)
    }

    /// Django's layer objects for all pairs, by number, in one process.
    static var django: DjangoLayers { get async throws { try await process.value } }
}
