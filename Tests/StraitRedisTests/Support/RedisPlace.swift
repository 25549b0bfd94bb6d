import RedisServers
import StraitCore
import StraitLayers
import StraitTesting
import Testing

@testable import StraitRedis

/// The layers of one test, with separate keys on a server.
struct RedisPlace: Sendable {
    let server: RedisServer
    /// Queries the server directly.
    let redis: RedisProbe
    let prefix: String

    /// Creates a place on `server`, or on the server that all tests share.
    init(_ server: RedisServer? = nil) async throws {
        if let server { self.server = server } else { self.server = try await SharedRedis.start() }
        redis = RedisProbe(self.server)
        prefix = SharedRedis.prefix()
    }

    /// The layers' configuration. Databases act as servers, and each channel holds three messages. Messages are kept
    /// for an hour, because a test may take longer than a minute on a busy machine.
    func configuration(
        databases: Int = 1, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisLayerConfiguration {
        var configuration = RedisLayerConfiguration(server, prefix: prefix, databases: databases)
        configuration.capacity = 3
        configuration.expiry = .seconds(3600)
        change(&configuration)
        return configuration
    }

    /// Creates a core layer, as another process would.
    func queues(
        databases: Int = 1, log: Journal? = nil, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisChannelLayer {
        RedisChannelLayer(configuration(databases: databases, change), log: Self.log(log))
    }

    /// Creates a pub/sub layer, as another process would.
    func pubSub(
        databases: Int = 1, log: Journal? = nil, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisPubSubChannelLayer {
        RedisPubSubChannelLayer(configuration(databases: databases, change), log: Self.log(log))
    }

    /// A log that records its lines in `journal`.
    static func log(_ journal: Journal?) -> Log {
        guard let journal else { return Log(level: .error) }
        return Log(level: .info) { level, text in journal.note("\(level) \(text)") }
    }

    /// All keys of the test in the first database.
    var keys: [String] { get async throws { try await redis.keys("\(prefix)*") } }

    /// The number of processes that Redis delivers the messages of `group` to.
    func listeners(to group: String, _ kind: RoomKind) async throws -> Int? {
        let reply =
            switch kind {
            case .queues: try await redis("ZCARD", .string("\(prefix):group:\(group)"))
            case .pubSub: try await redis("PUBSUB", "NUMSUB", .string("\(prefix)__group__\(group)")).elements?.last
            }
        return reply?.integer
    }

    /// The `CLIENT LIST` lines that contain all of `parts`.
    func connections(_ parts: String...) async throws -> [Substring] {
        let list = try await redis("CLIENT", "LIST").string ?? ""
        return list.split(separator: "\n").filter { line in parts.allSatisfy { line.contains($0) } }
    }

    /// Waits until a read of `layer` for `role` is blocked in Redis. The next message then goes to it.
    func waits(_ layer: RedisChannelLayer, for role: String) async throws {
        // Part of the names of all connections of a process.
        let process = try await layer.newChannel().dropFirst("specific.".count).prefix(16)
        try await eventually("a read of \(role) waits") {
            try await connections("name=strait-\(role)-\(process)", "flags=b").isEmpty == false
        }
    }
}

/// Polls `condition`, which depends on another process or thread, until it holds.
func eventually(
    _ what: @autoclosure () -> String, within limit: Duration = .seconds(300),
    at place: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("Timed out after \(limit). Waited for: \(what()).", sourceLocation: place)
            throw CancellationError()
        }
        await Moment.pass()
    }
}

/// A short delay on a separate loop, which many concurrently waiting tests do not delay.
private enum Moment {
    private static let loop: EventLoop = {
        let loop = EventLoop()
        loop.start()
        return loop
    }()

    static func pass() async {
        await withCheckedContinuation { continuation in
            loop.execute { loop.run(after: .milliseconds(1)) { continuation.resume() } }
        }
    }
}
