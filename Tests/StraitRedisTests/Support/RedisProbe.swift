import RedisServers
import StraitCore

@testable import StraitRedis

/// Queries a Redis server directly, without the layers under test.
final class RedisProbe: Sendable {
    private let link: LoopOwned<RedisLink>

    convenience init(_ server: RedisServer, database: Int = 0) {
        var address = RedisAddress(.unix(path: server.socket))
        address.database = database
        self.init(.server(address))
    }

    init(_ host: RedisHost) {
        let loop = RedisClientSettings.sharedLoop
        let owned = LoopOwned<RedisLink>(loop: loop)
        owned.begin(
            RedisLink(
                host, name: "probe-\(UInt32.random(in: 0 ... .max))", loop: loop, dialer: SocketDialer(),
                limits: RedisTimeLimits(), log: Log(level: .error), generator: SystemRandomNumberGenerator()))
        link = owned
    }

    deinit {
        link.perform { [link] value in
            value.close()
            link.end()
        }
    }

    /// Returns Redis' reply to a command: `try await redis("ZCARD", "asgi:group:chat")`.
    @discardableResult
    func callAsFunction(_ name: String, _ arguments: RedisArgument...) async throws -> RedisValue {
        try await link.ask { link, pending in
            pending.call = link.call(RedisCommand(name, arguments)) { result in
                switch result {
                case .success(let value): pending.succeed(value)
                case .failure(let failure): pending.fail(failure)
                }
            }
        }
    }

    /// The keys that match a pattern, sorted.
    func keys(_ pattern: String = "*") async throws -> [String] {
        try await self("KEYS", .string(pattern)).elements?.compactMap(\.string).sorted() ?? []
    }
}
