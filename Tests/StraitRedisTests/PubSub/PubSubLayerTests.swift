import StraitNetwork
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// What channels_redis' own tests ask of its layer of publish and subscribe, and what they leave out.
@Suite(.timeLimit(.minutes(20))) struct PubSubLayers {
    let place: RedisPlace
    let layer: RedisPubSubChannelLayer

    init() async throws {
        place = try await RedisPlace()
        layer = place.pubSub()
    }

    /// Returns once so many processes listen to `channel` of Redis.
    private func listens(to channel: String, _ count: Int) async throws {
        try await eventually("\(count) listen to \(channel)") {
            try await place.redis("PUBSUB", "NUMSUB", .string(channel)).elements?.last == .integer(count)
        }
    }

    // MARK: Channels

    @Test(arguments: [1, 10]) func `a channel of this process is sent to from anywhere, and keeps its order`(
        databases: Int
    ) async throws {
        let layer = place.pubSub(databases: databases)
        for other in [layer, place.pubSub(databases: databases)] {
            let channel = try await layer.newChannel()
            for number in 1...3 { try await other.send(channel, ["type": .string("message.\(number)")]) }
            for number in 1...3 { #expect(try await layer.receive(channel)["type"] == .string("message.\(number)")) }
        }
    }

    @Test func `names of new channels never repeat, and begin with the prefixes`() async throws {
        var names: Set<String> = []
        for layer in [layer, place.pubSub()] {
            for _ in 0..<100 { names.insert(try await layer.newChannel()) }
            for _ in 0..<100 { names.insert(layer.socketChannel()) }
        }
        #expect(names.count == 400)
        #expect(names.allSatisfy { $0.hasPrefix("\(place.prefix)specific.") && $0.count == place.prefix.count + 41 })
        #expect(try await layer.newChannel(prefix: "x").hasPrefix("\(place.prefix)x."))
    }

    @Test func `a channel of nobody's reaches every process that waits there`() async throws {
        let other = place.pubSub()
        let channel = "\(place.prefix)-general"
        async let first = layer.receive(channel)
        async let second = other.receive(channel)
        try await listens(to: channel, 2)
        try await place.pubSub().send(channel, ["type": "m"])
        #expect(try await first == ["type": "m"])
        #expect(try await second == ["type": "m"])
    }

    @Test func `a worker that comes back for the next message misses none`() async throws {
        let channel = "\(place.prefix)-general"
        let layer = place.pubSub { $0.capacity = 100 }
        async let first = layer.receive(channel)
        try await listens(to: channel, 1)
        for number in 0..<50 { try await layer.send(channel, ["type": "m", "number": .int(number)]) }
        #expect(try await first["number"] == 0)
        for number in 1..<50 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    /// A layer that stops listening to a channel as soon as it is abandoned.
    private func impatient(_ change: (inout RedisTimeLimits) -> Void = { _ in }) -> RedisPubSubChannelLayer {
        var client = RedisClientSettings()
        client.limits.abandonedChannel = .zero
        change(&client.limits)
        return RedisPubSubChannelLayer(place.configuration { $0.capacity = 100 }, client: client)
    }

    @Test func `a worker that is busy for long misses none either`() async throws {
        let channel = "\(place.prefix)-general"
        let layer = impatient()
        async let first = layer.receive(channel)
        try await listens(to: channel, 1)
        for number in 0..<50 { try await place.pubSub().send(channel, ["type": "m", "number": .int(number)]) }
        #expect(try await first["number"] == 0)
        // Anything that is asked of the layer's loop comes behind what it would do about the channel.
        for _ in 0..<10 { try await layer.send(try await layer.newChannel(), ["type": "m"]) }
        try await listens(to: channel, 1)
        for number in 1..<50 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    @Test func `a channel whose receivers gave up, or that had no message for long, is listened to no more`()
        async throws
    {
        let channel = "\(place.prefix)-general"
        let receiving = Task { [layer = impatient()] in
            defer { _ = layer }
            return try await layer.receive(channel)
        }
        try await listens(to: channel, 1)
        receiving.cancel()
        try await listens(to: channel, 0)
        let idle = impatient { $0.idleChannel = .zero }
        async let first = idle.receive(channel)
        try await listens(to: channel, 1)
        try await place.pubSub().send(channel, ["type": "m"])
        #expect(try await first == ["type": "m"])
        try await listens(to: channel, 0)
    }

    @Test func `a cancelled receive ends, and loses nothing`() async throws {
        let channel = try await layer.newChannel()
        let receiving = Task { try await layer.receive(channel) }
        receiving.cancel()
        await #expect(throws: CancellationError.self) { try await receiving.value }
        try await layer.send(channel, ["type": "m"])
        #expect(try await layer.receive(channel) == ["type": "m"])
    }

    @Test func `what waits in a process has a limit`() async throws {
        let channel = try await layer.newChannel()
        let marker = try await layer.newChannel()
        for number in 0..<5 { try await layer.send(channel, ["type": "m", "number": .int(number)]) }
        try await layer.send(marker, ["type": "marker"])
        _ = try await layer.receive(marker)
        for number in 0..<3 { #expect(try await layer.receive(channel)["number"]?.int == number) }
        #expect(layer.counters.droppedFull == 2)
    }

    @Test(arguments: ["=+135!", "", "with space", "ünicode", String(repeating: "a", count: 100)])
    func `a name that is none is refused`(name: String) async throws {
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.send(name, ["type": "m"]) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.receive(name) }
        await #expect(throws: LayerError.invalidGroupName(name)) { try await layer.groupSend(name, ["type": "m"]) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.groupAdd("group", name) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.groupDiscard("group", name) }
    }

    // MARK: Groups

    @Test(arguments: [1, 10]) func `a group reaches its members once each, and none that left`(databases: Int)
        async throws
    {
        let (layer, other) = (place.pubSub(databases: databases), place.pubSub(databases: databases))
        var channels: [String] = []
        for _ in 1...3 { channels.append(try await layer.newChannel(prefix: "test-gr-chan")) }
        let far = try await other.newChannel()
        for channel in channels { try await layer.groupAdd("test-group", channel) }
        try await other.groupAdd("test-group", far)
        try await layer.groupDiscard("test-group", channels[1])
        try await other.groupSend("test-group", ["type": "message.1"])
        for channel in channels + [] { try await layer.send(channel, ["type": "marker"]) }
        try await other.send(far, ["type": "marker"])
        // Which of the two comes first is not said: they may be on different servers.
        for channel in [channels[0], channels[2]] {
            let types = try await [layer.receive(channel).type, layer.receive(channel).type]
            #expect(Set(types) == ["marker", "message.1"])
        }
        #expect(try await Set([other.receive(far).type, other.receive(far).type]) == ["marker", "message.1"])
        #expect(try await layer.receive(channels[1]) == ["type": "marker"])
    }

    @Test func `a channel may be discarded that was never added`() async throws {
        try await layer.groupDiscard("test-group", try await layer.newChannel(prefix: "test-channel"))
    }

    @Test func `a channel of another process cannot be added to a group, and the error says what can`() async throws {
        for name in [try await place.pubSub().newChannel(), "general"] {
            let error = await #expect(throws: LayerError.self) { try await layer.groupAdd("group", name) }
            #expect(
                error?.description
                    == "The channel '\(name)' cannot be added to a group here: it is not this process' own. Have its own process add it, or use RedisChannelLayer, which can."
            )
        }
    }

    @Test func `a process listens to a group once, for as long as somebody of it is there`() async throws {
        let channel = "\(place.prefix)__group__group"
        let (first, second) = try await (layer.newChannel(), layer.newChannel())
        try await layer.groupAdd("group", first)
        try await layer.groupAdd("group", second)
        try await listens(to: channel, 1)
        try await layer.groupDiscard("group", first)
        try await layer.groupAdd("other", first)
        try await listens(to: channel, 1)
        try await layer.groupDiscard("group", second)
        try await listens(to: channel, 0)
        try await layer.groupAdd("group", second)
        try await layer.groupSend("group", ["type": "again"])
        #expect(try await layer.receive(second) == ["type": "again"])
    }

    @Test func `nothing is kept in Redis`() async throws {
        let channel = try await layer.newChannel()
        try await layer.groupAdd("group", channel)
        try await layer.groupSend("group", ["type": "m"])
        #expect(try await place.keys == [])
        try await layer.flush()
        try await listens(to: "\(place.prefix)__group__group", 0)
        try await layer.send(channel, ["type": "marker"])
        #expect(try await layer.receive(channel) == ["type": "marker"])
    }

    // MARK: Connections that are killed

    @Test func `a connection that is killed twice comes back with its groups, and not with those that were left`()
        async throws
    {
        var channels: [String] = []
        for number in 1...3 { channels.append(try await layer.newChannel(prefix: "test-gr-chan-\(number)")) }
        let process = channels[0].split(separator: ".").last?.prefix(16) ?? ""
        func kill() async throws {
            let line = try #require(try await place.connections("name=strait-subscriber-\(process)").first)
            let number = try #require(line.firstMatch(of: /^id=([0-9]+)/)?.1)
            try await place.redis("CLIENT", "KILL", "ID", .string(String(number)))
        }
        try await layer.groupAdd("left-group", channels[1])
        try await layer.groupAdd("test-group", channels[0])
        try await layer.groupAdd("test-group", channels[1])
        try await kill()
        try await layer.groupAdd("test-group", channels[2])
        try await layer.groupDiscard("test-group", channels[1])
        try await layer.groupDiscard("left-group", channels[1])
        try await listens(to: "\(place.prefix)__group__test-group", 1)
        try await kill()
        try await eventually("it was noticed") { layer.counters.outages == 2 }
        try await listens(to: "\(place.prefix)__group__test-group", 1)
        try await listens(to: "\(place.prefix)__group__left-group", 0)
        try await layer.groupSend("test-group", ["type": "message.1"])
        #expect(try await layer.receive(channels[0]) == ["type": "message.1"])
        #expect(try await layer.receive(channels[2]) == ["type": "message.1"])
        _ = try await layer.newChannel()
        try await layer.send(channels[1], ["type": "marker"])
        #expect(try await layer.receive(channels[1]) == ["type": "marker"])
    }
}
