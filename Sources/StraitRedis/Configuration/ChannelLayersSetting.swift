public import StraitCore
import StraitJSON
public import StraitLayers

/// Channels' setting `CHANNEL_LAYERS` as JSON, so that Django and Strait can share one setting.
///
/// ```swift
/// let setting = try ChannelLayersSetting(
///     json: """
///         {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [["10.0.0.5", 6379]]}}}
///         """)
/// ```
///
/// `TEST_CONFIG` is ignored, as in Django outside tests. Unknown backends, unknown options and `ROUTING` are errors,
/// although Channels ignores some of them.
public struct ChannelLayersSetting: Sendable, Hashable {
    /// The configuration of one layer.
    public enum Layer: Sendable, Hashable {
        /// `channels.layers.InMemoryChannelLayer`, with `capacity` and `channel_capacity`, `expiry` and `group_expiry`.
        case memory(capacity: ChannelCapacity, expiry: Duration, groupExpiry: Duration)
        /// `channels_redis.core.RedisChannelLayer`: messages wait in queues.
        case redis(RedisLayerConfiguration)
        /// `channels_redis.pubsub.RedisPubSubChannelLayer`: messages reach only current subscribers.
        case redisPubSub(RedisLayerConfiguration)
    }

    /// The layers by alias. Channels' default alias is `default`.
    public let layers: [String: Layer]

    /// Parses `json`, an object with an alias for each key. An entry of `hosts` is one of these:
    ///
    /// * a URL, as ``RedisAddress/init(_:)`` reads it;
    /// * `[host, port]`;
    /// * an object with `address` (a URL or `[host, port]`), with `host` and `port`, or with `unix_socket_path` or
    ///   `path`. It may also have `db`, `username` and `password`. The URL's own values take precedence over those
    ///   three.
    /// * an object with `sentinels` (a list of `[host, port]`) and `master_name`. Its `db`, `username` and `password`
    ///   are for the master. `sentinel_kwargs` has the `username` and `password` for the sentinels.
    ///
    /// - Throws: ``ChannelLayersSettingError``.
    public init(json: String) throws(ChannelLayersSettingError) {
        var layers: [String: Layer] = [:]
        let setting = try SettingValue(json: json, root: "CHANNEL_LAYERS")
        for (alias, entry) in try setting.members("an object of aliases and layers") {
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
            // Django reads it only in tests.
            case "TEST_CONFIG": break
            case "ROUTING":
                throw value.error("belongs to Channels 1", "Remove it: the site defines the routes.")
            default: throw value.error("is not known", "Write BACKEND and CONFIG.")
            }
        }
        guard let backend else { throw entry.error("has no BACKEND", "Write one of \(backends).") }
        switch try backend.string("the name of a class") {
        case "channels.layers.InMemoryChannelLayer": return try options.memory()
        case "channels_redis.core.RedisChannelLayer": return .redis(try options.redis(isPubSub: false))
        case "channels_redis.pubsub.RedisPubSubChannelLayer": return .redisPubSub(try options.redis(isPubSub: true))
        default: throw backend.error("is not a backend that Strait supports", "Write one of \(backends).")
        }
    }

    private static let backends =
        "channels.layers.InMemoryChannelLayer, channels_redis.core.RedisChannelLayer and "
        + "channels_redis.pubsub.RedisPubSubChannelLayer"
}

extension ChannelLayers {
    /// Creates the layers that a setting describes.
    ///
    /// - Parameter log: The log of the layers in Redis.
    public convenience init(_ setting: ChannelLayersSetting, log: Log = Log()) {
        self.init(
            setting.layers.mapValues { layer -> any ChannelLayer in
                switch layer {
                case .memory(let capacity, let expiry, let groupExpiry):
                    InMemoryChannelLayer(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry)
                case .redis(let configuration): RedisChannelLayer(configuration, log: log)
                case .redisPubSub(let configuration): RedisPubSubChannelLayer(configuration, log: log)
                }
            })
    }

    /// Creates the layers that the JSON text of `CHANNEL_LAYERS` describes. If `json` is nil or empty, there is one
    /// in-memory layer, `default`.
    ///
    /// - Throws: ``/StraitRedis/ChannelLayersSettingError``.
    public convenience init(json: String?, log: Log = Log()) throws(ChannelLayersSettingError) {
        guard let json, !json.isEmpty else {
            self.init()
            return
        }
        self.init(try ChannelLayersSetting(json: json), log: log)
    }
}

/// An error in the setting `CHANNEL_LAYERS`, with its path and advice. It quotes no values, because any value may be a
/// secret.
public struct ChannelLayersSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the invalid value: `CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]`.
    public let path: String
    /// The path, the problem and advice.
    public let description: String

    /// `problem` completes a sentence that begins with the path.
    init(path: String, problem: String, advice: String) {
        self.path = path
        description = "\(path) \(problem). \(advice)"
    }

    /// The error for invalid JSON, with line and column.
    static func noJSON(_ error: JSONError, in text: Bytes, root: String) -> ChannelLayersSettingError {
        let (line, column) = error.place(in: text)
        return ChannelLayersSettingError(
            path: root, problem: "is not valid JSON in line \(line), column \(column): \(error.reason)",
            advice: "JSON has double quotes, no comma after the last entry, and true, false and null.")
    }
}
