import StraitJSON
public import StraitLayers
internal import StraitNetwork

/// Channels' setting `CHANNEL_LAYERS` as JSON, so that Django and Strait can read one and the same.
///
/// ```swift
/// let setting = try ChannelLayersSetting(
///     json: """
///         {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [["10.0.0.5", 6379]]}}}
///         """)
/// ```
///
/// `TEST_CONFIG` is passed over, as Django does outside of tests. What Channels would fail on, or would pass over in
/// silence, is refused: a backend or an option that is not known, and `ROUTING`.
public struct ChannelLayersSetting: Sendable, Hashable {
    /// A layer as the setting describes it.
    public enum Layer: Sendable, Hashable {
        /// `channels.layers.InMemoryChannelLayer`, with `capacity` and `channel_capacity`, `expiry` and `group_expiry`.
        case memory(capacity: ChannelCapacity, expiry: Duration, groupExpiry: Duration)
        /// `channels_redis.core.RedisChannelLayer`: messages wait in queues.
        case redis(RedisLayerConfiguration)
        /// `channels_redis.pubsub.RedisPubSubChannelLayer`: messages reach who listens at the time.
        case redisPubSub(RedisLayerConfiguration)
    }

    /// The layers under their aliases; that of Channels' own is `default`.
    public let layers: [String: Layer]

    /// The layers that `json` describes: an object with an alias for each key. Entries of `hosts` may be
    ///
    /// * a URL, as ``RedisAddress/init(_:)`` reads it;
    /// * `[host, port]`;
    /// * an object with `address`, which is one of those, or with `host` and `port`, or with `unix_socket_path` (or
    ///   `path`), and `db`, `username` and `password`, of which those of a URL count more;
    /// * an object with `sentinels` (a list of `[host, port]`), `master_name`, `db`, `username` and `password` for the
    ///   master, and `sentinel_kwargs` with `username` and `password` for the sentinels.
    ///
    /// - Throws: ``ChannelLayersSettingError``.
    public init(json: String) throws(ChannelLayersSettingError) {
        let text = Bytes(json)
        let value: LayerValue
        do {
            value = try LayerValue(json: text, dialect: .strict)
        } catch {
            throw .noJSON(error, in: text)
        }
        var layers: [String: Layer] = [:]
        for (alias, entry) in try SettingValue(value).members("an object of aliases and layers") {
            layers[alias] = try Self.layer(entry)
        }
        self.layers = layers
    }

    private static func layer(_ entry: SettingValue) throws(ChannelLayersSettingError) -> Layer {
        var backend: SettingValue?
        var options = SettingOptions()
        for (key, value) in try entry.members("an object with BACKEND and CONFIG") {
            switch key {
            case "BACKEND": backend = value
            case "CONFIG": options = SettingOptions(try value.members("an object of options"))
            // Django reads it in tests alone.
            case "TEST_CONFIG": break
            case "ROUTING":
                throw value.error("is of Channels 1", "Remove it: routes are the site's.")
            default: throw value.error("is not known", "Write BACKEND and CONFIG.")
            }
        }
        guard let backend else { throw entry.error("has no BACKEND", "Write one of \(backends).") }
        switch try backend.string("the name of a class") {
        case "channels.layers.InMemoryChannelLayer": return try options.memory()
        case "channels_redis.core.RedisChannelLayer": return .redis(try options.redis(isPubSub: false))
        case "channels_redis.pubsub.RedisPubSubChannelLayer": return .redisPubSub(try options.redis(isPubSub: true))
        default: throw backend.error("is no backend that Strait has", "Write one of \(backends).")
        }
    }

    private static let backends =
        "channels.layers.InMemoryChannelLayer, channels_redis.core.RedisChannelLayer and "
        + "channels_redis.pubsub.RedisPubSubChannelLayer"
}
