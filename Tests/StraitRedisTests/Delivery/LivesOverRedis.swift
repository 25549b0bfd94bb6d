import ConsumerLives
import RedisServers
import StraitConsumers
import StraitCore
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// The lives of two consumers in one process and one group, with their observers in another process. Both processes
/// reach Redis over a network with random delays. The first process loses its connections at random times.
struct LivesOverRedis {
    private let seed: UInt64
    private let kind: RoomKind
    private let lives: [(life: Life, journal: Journal)]
    /// The times at which the process of the consumers loses its connections to Redis.
    private let cuts: [Duration]
    private let networks: [UInt64]

    private static let longestDelay = Duration.milliseconds(50)
    /// A time limit that only a hang exceeds, even on a busy machine.
    private static let longTimeout = Duration.seconds(300)

    init(seed: UInt64, _ kind: RoomKind) {
        self.seed = seed
        self.kind = kind
        var mix = Life.Mix()
        // Most lives use the layer.
        mix.connecting += Array(repeating: [.accepts, .acceptsAndWaits], count: 4).flatMap(\.self)
        mix.messages = "msjjjttttgggg"
        mix.length = 16
        var random = SeededGenerator(seed: seed)
        lives = ["ann", "ben"].map { name in
            // Waits of the client and the consumer are about as long as the network's delays.
            (Life(seed: random.next(), name: name, unit: .microseconds(25), mix: mix), Journal())
        }
        networks = [random.next(), random.next()]
        let count = random.pick([0, 0, 1, 1, 2])
        cuts = (0..<count).map { _ in .milliseconds(Int.random(in: 0..<600, using: &random)) }
    }

    /// Plays the lives, and compares them with the model.
    func play() async throws {
        let place = try await RedisPlace()
        let (near, far) = try await (network(0, of: place), network(1, of: place))
        let (here, there) = (layer(place, through: near), layer(place, through: far))
        var observers: [WebSocketCommunicator] = []
        for (life, journal) in lives {
            let observer = WebSocketCommunicator(
                try life.application(journal), "/observe/", configuration: configuration,
                services: ["default": there] as ChannelLayers)
            try #require(await observer.connect(timeout: Self.longTimeout).isAccepted)
            observers.append(observer)
        }

        for cut in cuts { await near.cut(after: cut) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (life, journal) in lives { tasks.addTask { try await play(life, journal, here) } }
            try await tasks.waitForAll()
        }
        #expect(here.groups.memberCount(of: Life.room.name) == 0, note)

        try await until("all connections were cut") { near.cutCount == cuts.count }
        // Sent on the connection that the consumers were tracked on, so no presence update follows.
        try await until("no one is present") {
            (try? await here.presence.snapshot(of: Life.people.name, exactUpTo: 10).count) == 0
        }
        try await until("the consumers' process has left the group") {
            try await place.listeners(to: Life.room.name, kind) == 1
        }
        try await markEnd(there)
        for (life, journal) in lives {
            let lines = journal.lines.filter { !$0.hasSuffix(" end") }
            #expect(life.violations(in: lines, place: .redis) == [], note)
        }

        for observer in observers { try await observer.disconnect(timeout: Self.longTimeout) }
        for layer in [here, there] { await layer.end() }
        try await until("no member is left in Redis") {
            let members = try await place.keys.filter {
                $0.contains(":presence:") && !$0.contains(":presence:version:")
            }
            if !members.isEmpty { return false }
            return try await place.listeners(to: Life.room.name, kind) == 0
        }
        for network in [near, far] { await network.end() }
    }

    /// Plays one life on its own server, and returns when its connection has ended.
    private func play(_ life: Life, _ journal: Journal, _ layer: any LocalDeliveryLayer) async throws {
        let server = Server(
            application: try life.application(journal), configuration: configuration, loops: 1,
            services: ["default": layer] as ChannelLayers, log: Log(level: .critical))
        let client = try await LifeClient(to: server.listen(at: .internet(host: "127.0.0.1", port: 0)))
        for (bytes, wait) in try life.writes() { await client.write(bytes, wait: wait) }
        try await until("\(life.name) connects") { !journal.lines.isEmpty }
        switch life.ending {
        case .closes, .breaksProtocol: break
        case .closesAndLeaves, .leaves: await client.finish()
        case .resets: await client.abort()
        case .serverStops:
            let stop = Task { await server.stop() }
            try await until("\(life.name)'s server stops") { server.isStopping }
            // The client does not answer the server's close frame.
            await client.finish()
            await stop.value
        }
        try await until("\(life.name) has ended") { journal.lines.contains { $0.hasPrefix("disconnect") } }
        await client.abort()
        try await until("\(life.name)'s connection has ended") { server.connectionCount == 0 }
        await server.stop()
    }

    /// Sends a last message for each observer and a last presence change. Returns when the observers have recorded
    /// both, and therefore everything before.
    private func markEnd(_ layer: any LocalDeliveryLayer) async throws {
        let layers: ChannelLayers = ["default": layer]
        for (life, _) in lives {
            try await layers.groupSend(Life.room, Message(text: "\(life.name) end"))
        }
        let entry = layer.presence.entry(
            Life.people.name, try PresenceRecord(LifeObserver.end, encoding: "here"))
        try await layer.presence.enter(entry)
        layer.presence.leave(entry)
        try await until("the observers have recorded the end") {
            lives.allSatisfy { _, journal in
                journal.count(of: "observed word end") == 1 && journal.count(of: "observed end") == 1
            }
        }
    }

    private func network(_ index: Int, of place: RedisPlace) async throws -> RedisProxy {
        try await RedisProxy(place.server, delays: (Self.longestDelay, seed: networks[index]))
    }

    private func layer(_ place: RedisPlace, through proxy: RedisProxy) -> any LocalDeliveryLayer {
        var client = RedisClientSettings()
        client.limits.connect = Self.longTimeout
        client.limits.command = Self.longTimeout
        client.limits.reconnect.longest = .milliseconds(100)
        client.lease.duration = Self.longTimeout
        return kind.layer(
            place.configuration {
                $0.capacity = 1000
                $0.hosts = [proxy.host]
            }, client)
    }

    private var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.headTimeout = Self.longTimeout
        configuration.handshakeTimeout = Self.longTimeout
        configuration.closeTimeout = Self.longTimeout
        configuration.stopTimeout = Self.longTimeout
        configuration.consumers.closeTimeout = Self.longTimeout
        configuration.consumers.mailbox = 400
        return configuration
    }

    private func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        try await eventually("\(what); \(description)", within: Self.longTimeout, condition)
    }

    private var note: Comment { Comment(rawValue: description) }

    private var description: String {
        "seed \(seed), \(kind), cuts \(cuts): "
            + lives.map { "\($0.life) \($0.journal.lines)" }.joined(separator: "; ")
    }
}
