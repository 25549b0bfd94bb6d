import RedisServers
import StraitLayers
import StraitNetwork
import StraitTesting
import Testing

@testable import StraitRedis

/// Where one test keeps its layers: keys of its own on a server.
struct RedisPlace: Sendable {
    let server: RedisServer
    /// Asks the server directly.
    let redis: RedisProbe
    let prefix: String

    /// A place on `server`, or on the one that all tests share.
    init(_ server: RedisServer? = nil) async throws {
        if let server { self.server = server } else { self.server = try await SharedRedis.start() }
        redis = RedisProbe(self.server)
        prefix = SharedRedis.prefix()
    }

    /// How its layers work: on so many databases as servers, with room for three messages in a channel.
    func configuration(
        databases: Int = 1, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisLayerConfiguration {
        var configuration = RedisLayerConfiguration(server, prefix: prefix, databases: databases)
        configuration.capacity = 3
        change(&configuration)
        return configuration
    }

    /// A layer of queues, as one more process would have it.
    func queues(
        databases: Int = 1, log: Journal? = nil, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisChannelLayer {
        RedisChannelLayer(configuration(databases: databases, change), log: Self.log(log))
    }

    /// A layer of publish and subscribe, as one more process would have it.
    func pubSub(
        databases: Int = 1, log: Journal? = nil, _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisPubSubChannelLayer {
        RedisPubSubChannelLayer(configuration(databases: databases, change), log: Self.log(log))
    }

    /// A log that notes its lines in `journal`.
    static func log(_ journal: Journal?) -> Log {
        guard let journal else { return Log(level: .error) }
        return Log(level: .info) { level, text in journal.note("\(level) \(text)") }
    }

    /// All keys of the test, of the first database.
    var keys: [String] { get async throws { try await redis.keys("\(prefix)*") } }

    /// The number of processes that Redis sends the messages of `group` to.
    func listeners(to group: String, _ kind: RoomKind) async throws -> Int? {
        let reply =
            switch kind {
            case .queues: try await redis("ZCARD", .string("\(prefix):group:\(group)"))
            case .pubSub: try await redis("PUBSUB", "NUMSUB", .string("\(prefix)__group__\(group)")).elements?.last
            }
        return reply?.integer
    }

    /// The connections to the server whose description has all of `parts` in it.
    func connections(_ parts: String...) async throws -> [Substring] {
        let list = try await redis("CLIENT", "LIST").string ?? ""
        return list.split(separator: "\n").filter { line in parts.allSatisfy { line.contains($0) } }
    }

    /// Returns once a read of `layer` that is for `role` waits in Redis: a message that comes then goes there.
    func waits(_ layer: RedisChannelLayer, for role: String) async throws {
        // What all connections of a process have in their names.
        let process = try await layer.newChannel().dropFirst("specific.".count).prefix(16)
        try await eventually("a read of \(role) waits") {
            try await connections("name=strait-\(role)-\(process)", "flags=b").isEmpty == false
        }
    }
}

/// Asks once and again until `condition` holds, of something that happens elsewhere.
func eventually(
    _ what: @autoclosure () -> String, within limit: Duration = .seconds(300),
    at place: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("It was waited for in vain that \(what()).", sourceLocation: place)
            throw CancellationError()
        }
        await Moment.pass()
    }
}

/// A moment that passes on a loop of its own, which the many tests that wait at once do not hold up.
private enum Moment {
    private static let loop: EventLoop = {
        let loop = EventLoop()
        loop.start()
        return loop
    }()

    static func pass() async {
        await withCheckedContinuation { continuation in
            loop.execute {
                let timer = LoopTimer()
                timer.action = {
                    timer.action = {}
                    continuation.resume()
                }
                loop.arm(timer, after: .milliseconds(1))
            }
        }
    }
}
