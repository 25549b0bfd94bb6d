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

    /// The layers that `CHANNEL_LAYERS` describes, as JSON; where that is nil or empty, one in memory, `default`.
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
