internal import Glibc
public import StraitLayers
public import StraitNetwork

extension ChannelLayers {
    /// The layers that a setting describes, by their names.
    ///
    /// - Parameter log: Where those in Redis say what happened.
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

    /// The layers that `CHANNEL_LAYERS` describes in the environment, as JSON; without it, or where it is empty, one in
    /// memory, `default`.
    ///
    /// - Throws: ``/StraitRedis/ChannelLayersSettingError``.
    public static func ofEnvironment(log: Log = Log()) throws(ChannelLayersSettingError) -> ChannelLayers {
        // Sound: the text is copied before anything else runs.
        let value = unsafe getenv("CHANNEL_LAYERS").map { unsafe String(cString: $0) } ?? ""
        if value.isEmpty { return ChannelLayers() }
        return ChannelLayers(try ChannelLayersSetting(json: value), log: log)
    }
}
