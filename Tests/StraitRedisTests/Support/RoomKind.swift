import StraitLayers
import StraitTesting

@testable import StraitRedis

/// The layer under test, for tests that run with both.
enum RoomKind: CaseIterable {
    case queues, pubSub

    /// Creates a layer, as another process would.
    func layer(
        _ place: RedisPlace, databases: Int = 1, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> any LocalDeliveryLayer {
        switch self {
        case .queues: place.queues(databases: databases, change)
        case .pubSub: place.pubSub(databases: databases, change)
        }
    }

    /// Creates a layer with the given client settings.
    func layer(
        _ configuration: RedisLayerConfiguration, _ client: RedisClientSettings, log: Journal? = nil
    ) -> any LocalDeliveryLayer {
        switch self {
        case .queues: RedisChannelLayer(configuration, client: client, log: RedisPlace.log(log))
        case .pubSub: RedisPubSubChannelLayer(configuration, client: client, log: RedisPlace.log(log))
        }
    }
}

extension LocalDeliveryLayer {
    /// Leaves the groups and closes the connections, for either layer.
    func end() async {
        await (self as? RedisChannelLayer)?.close()
        await (self as? RedisPubSubChannelLayer)?.close()
    }
}
