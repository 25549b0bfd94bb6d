import RedisServers
import StraitCore
import StraitLayers
import Synchronization

@testable import StraitRedis

/// The Redis server that tests share, each with its own keys.
enum SharedRedis {
    static func start() async throws -> RedisServer { try await RedisServer.shared }

    private static let count = Atomic<Int>(0)

    /// A key prefix that no other test uses.
    static func prefix() -> String { "t\(count.wrappingAdd(1, ordering: .relaxed).newValue)x" }
}

extension RedisLayerConfiguration {
    /// Creates a configuration for a server. Databases act as servers.
    init(_ server: RedisServer, prefix: String, databases: Int = 1) {
        self.init()
        self.prefix = prefix
        hosts = (0..<databases).map { database in
            var address = RedisAddress(.unix(path: server.socket))
            address.database = database
            return .server(address)
        }
    }
}
