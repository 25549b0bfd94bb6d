import RedisServers
import StraitLayers
import StraitNetwork
import Synchronization

@testable import StraitRedis

/// The one Redis server of all tests that need no other: each has keys of its own there.
enum SharedRedis {
    static func start() async throws -> RedisServer { try await RedisServer.shared }

    private static let count = Atomic<Int>(0)

    /// A prefix that no other test has.
    static func prefix() -> String { "t\(count.wrappingAdd(1, ordering: .relaxed).newValue)x" }
}

extension RedisLayerConfiguration {
    /// The configuration for a server, with `prefix`.
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
