import StraitLayers
import StraitTesting

@testable import StraitRedis

/// Which layer a test of both is about.
enum RoomKind: CaseIterable {
    case queues, pubSub

    /// One more process' layer.
    func layer(
        _ place: RedisPlace, databases: Int = 1, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> any SocketLayer {
        switch self {
        case .queues: place.queues(databases: databases, change)
        case .pubSub: place.pubSub(databases: databases, change)
        }
    }

    /// A layer with a client configuration of its own.
    func layer(
        _ configuration: RedisLayerConfiguration, _ client: RedisClientSettings, log: Journal? = nil
    ) -> any SocketLayer {
        switch self {
        case .queues: RedisChannelLayer(configuration, client: client, log: RedisPlace.log(log))
        case .pubSub: RedisPubSubChannelLayer(configuration, client: client, log: RedisPlace.log(log))
        }
    }
}

extension SocketLayer {
    /// Leaves the groups and ends the connections, whichever layer it is.
    func end() async {
        await (self as? RedisChannelLayer)?.close()
        await (self as? RedisPubSubChannelLayer)?.close()
    }
}
