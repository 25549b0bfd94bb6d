import RedisServers
import StraitNetwork
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// What channels_redis' own tests ask of its core layer, and what they leave out.
@Suite(.timeLimit(.minutes(2))) struct QueueLayers {
    let server: RedisServer
    let redis: RedisProbe
    let prefix: String
    let layer: RedisChannelLayer

    init() async throws {
        server = try await SharedRedis.start()
        redis = RedisProbe(server)
        prefix = SharedRedis.prefix()
        layer = Self.layer(server, prefix)
    }

    private static func layer(
        _ server: RedisServer, _ prefix: String, databases: Int = 1,
        _ change: (inout RedisLayerConfiguration) -> Void = { _ in }
    ) -> RedisChannelLayer {
        var configuration = RedisLayerConfiguration(server, prefix: prefix, databases: databases)
        configuration.capacity = 3
        change(&configuration)
        return RedisChannelLayer(configuration)
    }

    @Test func `what is sent to a channel is received, and its key is gone then`() async throws {
        try await layer.send("test-channel-1", ["type": "test.message", "text": "Ahoy-hoy!"])
        #expect(try await redis.keys("\(prefix)*") == ["\(prefix)test-channel-1"])
        #expect(try await layer.receive("test-channel-1") == ["type": "test.message", "text": "Ahoy-hoy!"])
        #expect(try await redis.keys("\(prefix)test*") == [])
    }

    @Test func `a channel of this process keeps its messages in order`() async throws {
        let channel = try await layer.newChannel()
        for number in 0..<3 { try await layer.send(channel, ["type": "m", "number": .int(number)]) }
        for number in 0..<3 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    @Test func `a full channel refuses what is sent`() async throws {
        for _ in 0..<3 { try await layer.send("work", ["type": "m"]) }
        await #expect(throws: LayerError.channelFull("work")) { try await layer.send("work", ["type": "m"]) }
        #expect(layer.counters.droppedFull == 1)
    }

    @Test func `a group reaches its members once each`() async throws {
        var channels: [String] = []
        for number in 1...3 { channels.append(try await layer.newChannel(prefix: "test-gr-chan-\(number)")) }
        for channel in channels { try await layer.groupAdd("test-group", channel) }
        try await layer.groupDiscard("test-group", channels[1])
        try await layer.groupSend("test-group", ["type": "message.1"])
        #expect(try await layer.receive(channels[0]) == ["type": "message.1"])
        #expect(try await layer.receive(channels[2]) == ["type": "message.1"])
        #expect(try await redis.keys("\(prefix)*") == ["\(prefix):group:test-group"])
    }
}
