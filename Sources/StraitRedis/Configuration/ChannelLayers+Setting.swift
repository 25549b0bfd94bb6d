public import StraitLayers
public import StraitNetwork

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
