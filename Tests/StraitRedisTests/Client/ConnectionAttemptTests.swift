import RedisServers
import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// A master, a replica, and three sentinels that watch them.
@Suite(.timeLimit(.minutes(20))) struct Sentinels {
    @Test func `the master is found by name, and found again after a failover`() async throws {
        let (masterPort, replicaPort) = try (RedisServer.freePort(), RedisServer.freePort())
        let master = try await RedisServer(port: masterPort, options: ["--repl-diskless-sync-delay", "0"])
        let replica = try await RedisServer(
            port: replicaPort, options: ["--replicaof", "127.0.0.1", String(masterPort)])
        let replicaProbe = RedisProbe(replica)
        try await eventually("the replica is connected") {
            try await replicaProbe("ROLE").elements?.dropFirst(3).first?.string == "connected"
        }
        var sentinels: [RedisServer] = []
        for _ in 0..<3 {
            sentinels.append(
                try await RedisServer(
                    port: RedisServer.freePort(), program: "redis-sentinel",
                    configuration: [
                        "sentinel monitor main 127.0.0.1 \(masterPort) 2",
                        "sentinel down-after-milliseconds main 500", "sentinel failover-timeout main 2000",
                        "sentinel parallel-syncs main 1",
                    ]))
        }
        for sentinel in sentinels {
            let probe = RedisProbe(sentinel)
            try await eventually("the sentinels know each other") {
                let state = try await probe("SENTINEL", "MASTER", "main")
                return Self.value("num-other-sentinels", state) == "2" && Self.value("num-slaves", state) == "1"
            }
        }

        var client = RedisClientSettings()
        client.limits.command = .seconds(1)
        client.limits.read = .seconds(1)
        client.refresh = .seconds(3600)
        let host = RedisHost.sentinels(
            RedisSentinels(
                // Nothing listens at the first address.
                masterName: "main",
                sentinels: [("127.0.0.1", UInt16(try RedisServer.freePort()))]
                    + sentinels.map { ("127.0.0.1", UInt16($0.port)) }))
        let configuration = RedisLayerConfiguration(hosts: [host])
        let (here, there) = (
            RedisChannelLayer(configuration, client: client, log: Log(level: .error)),
            RedisChannelLayer(configuration, client: client, log: Log(level: .error))
        )
        let ann = try await RoomPeer(here)
        try await there.groupSend("room", ["type": "said", "text": "before"])
        #expect(try await ann.hears("before"))
        #expect(try await RedisProbe(master)("ZCARD", "asgi:group:room") == .integer(1))

        await master.crash()
        try await eventually("the replica is the master", within: .seconds(600)) {
            // A server that becomes the master closes its clients' connections.
            (try? await replicaProbe("ROLE"))?.elements?.first?.string == "master"
        }
        try await eventually("a send reaches the new master") { (try? await there.send("work", ["type": "m"])) != nil }
        try await eventually("the socket is in its room on the new master") {
            // Its membership may already be replicated. Only a received message proves that it listens.
            try? await there.groupSend("room", ["type": "said", "text": "after"])
            return (try? await ann.socket.receiveText(timeout: .milliseconds(500)))?.contains("after") == true
        }
        #expect(try await here.receive("work") == ["type": "m"])
        #expect(here.counters.outages >= 1)
        await here.close()
        await there.close()
        _ = sentinels
    }

    /// The value of `key` in a sentinel's reply, which is a map or a list of keys and values.
    private static func value(_ key: String, _ state: RedisValue) -> String? {
        if case .map(let pairs) = state { return pairs.first { $0.key.string == key }?.value.string }
        guard let elements = state.elements, let index = elements.firstIndex(where: { $0.string == key }) else {
            return nil
        }
        return elements[elements.index(after: index)].string
    }
}
