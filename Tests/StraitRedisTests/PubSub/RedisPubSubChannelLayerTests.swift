import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// The requirements of channels_redis' own tests for its pub/sub layer, and further ones.
@Suite(.timeLimit(.minutes(20))) struct PubSubLayers {
    let place: RedisPlace
    let layer: RedisPubSubChannelLayer

    init() async throws {
        place = try await RedisPlace()
        layer = place.pubSub()
    }

    /// Waits until exactly `count` processes are subscribed to the Redis channel `channel`.
    private func listens(to channel: String, _ count: Int) async throws {
        try await eventually("\(count) subscribers listen to \(channel)") {
            try await place.redis("PUBSUB", "NUMSUB", .string(channel)).elements?.last == .integer(count)
        }
    }

    // MARK: Channels

    @Test(arguments: [1, 10]) func `any process can send to a process-local channel, and messages keep their order`(
        databases: Int
    ) async throws {
        let layer = place.pubSub(databases: databases)
        for other in [layer, place.pubSub(databases: databases)] {
            let channel = try await layer.newChannel()
            for number in 1...3 { try await other.send(channel, ["type": .string("message.\(number)")]) }
            for number in 1...3 { #expect(try await layer.receive(channel)["type"] == .string("message.\(number)")) }
        }
    }

    @Test func `names of new channels are unique and begin with the prefixes`() async throws {
        var names: Set<String> = []
        for layer in [layer, place.pubSub()] {
            for _ in 0..<100 { names.insert(try await layer.newChannel()) }
            for _ in 0..<100 { names.insert(layer.socketChannel()) }
        }
        #expect(names.count == 400)
        #expect(names.allSatisfy { $0.hasPrefix("\(place.prefix)specific.") && $0.count == place.prefix.count + 41 })
        #expect(try await layer.newChannel(prefix: "x").hasPrefix("\(place.prefix)x."))
    }

    @Test func `a message to a shared channel reaches every waiting process`() async throws {
        let other = place.pubSub()
        let channel = "\(place.prefix)-general"
        async let first = layer.receive(channel)
        async let second = other.receive(channel)
        try await listens(to: channel, 2)
        try await place.pubSub().send(channel, ["type": "m"])
        #expect(try await first == ["type": "m"])
        #expect(try await second == ["type": "m"])
    }

    @Test func `a worker that receives again misses no message`() async throws {
        let channel = "\(place.prefix)-general"
        let layer = place.pubSub { $0.capacity = 100 }
        async let first = layer.receive(channel)
        try await listens(to: channel, 1)
        for number in 0..<50 { try await layer.send(channel, ["type": "m", "number": .int(number)]) }
        #expect(try await first["number"] == 0)
        for number in 1..<50 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    /// A layer that unsubscribes from a channel as soon as no receiver waits.
    private func impatient(_ change: (inout RedisTimeLimits) -> Void = { _ in }) -> RedisPubSubChannelLayer {
        var client = RedisClientSettings()
        client.limits.abandonedChannel = .zero
        change(&client.limits)
        return RedisPubSubChannelLayer(place.configuration { $0.capacity = 100 }, client: client)
    }

    @Test func `a worker that is busy for a long time misses no message`() async throws {
        let channel = "\(place.prefix)-general"
        let layer = impatient()
        async let first = layer.receive(channel)
        try await listens(to: channel, 1)
        for number in 0..<50 { try await place.pubSub().send(channel, ["type": "m", "number": .int(number)]) }
        #expect(try await first["number"] == 0)
        // Operations on the layer's loop run after any pending unsubscription.
        for _ in 0..<10 { try await layer.send(try await layer.newChannel(), ["type": "m"]) }
        try await listens(to: channel, 1)
        for number in 1..<50 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    @Test func `a channel with cancelled receivers or without messages is unsubscribed`()
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

    @Test func `a cancelled receive throws and loses no message`() async throws {
        let channel = try await layer.newChannel()
        let receiving = Task { try await layer.receive(channel) }
        receiving.cancel()
        await #expect(throws: CancellationError.self) { try await receiving.value }
        try await layer.send(channel, ["type": "m"])
        #expect(try await layer.receive(channel) == ["type": "m"])
    }

    @Test func `messages over the capacity of a process-local channel are dropped and counted`() async throws {
        let channel = try await layer.newChannel()
        let marker = try await layer.newChannel()
        for number in 0..<5 { try await layer.send(channel, ["type": "m", "number": .int(number)]) }
        try await layer.send(marker, ["type": "marker"])
        _ = try await layer.receive(marker)
        for number in 0..<3 { #expect(try await layer.receive(channel)["number"]?.int == number) }
        #expect(layer.counters.droppedFull == 2)
    }

    @Test(arguments: ["=+135!", "", "with space", "ünicode", String(repeating: "a", count: 100)])
    func `an invalid channel or group name is rejected`(name: String) async throws {
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.send(name, ["type": "m"]) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.receive(name) }
        await #expect(throws: LayerError.invalidGroupName(name)) { try await layer.groupSend(name, ["type": "m"]) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.groupAdd("group", name) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.groupDiscard("group", name) }
    }

    // MARK: Groups

    @Test(arguments: [1, 10]) func `a group message reaches each member once, and no former member`(databases: Int)
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
        // The order of the two is undefined, because they may be on different servers.
        for channel in [channels[0], channels[2]] {
            let types = try await [layer.receive(channel).type, layer.receive(channel).type]
            #expect(Set(types) == ["marker", "message.1"])
        }
        #expect(try await Set([other.receive(far).type, other.receive(far).type]) == ["marker", "message.1"])
        #expect(try await layer.receive(channels[1]) == ["type": "marker"])
    }

    @Test func `a channel that was never added can be discarded`() async throws {
        try await layer.groupDiscard("test-group", try await layer.newChannel(prefix: "test-channel"))
    }

    @Test func `adding a channel of another process fails with the alternatives`() async throws {
        for name in [try await place.pubSub().newChannel(), "general"] {
            let error = await #expect(throws: LayerError.self) { try await layer.groupAdd("group", name) }
            #expect(
                error?.description
                    == """
                    The channel '\(name)' cannot be added to a group: it does not belong to this process. Add it in \
                    the process that it belongs to, or use RedisChannelLayer.
                    """
            )
        }
    }

    @Test func `a process subscribes to a group once, as long as it has members`() async throws {
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

    @Test func `the layer stores nothing in Redis`() async throws {
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

    @Test func `a twice-killed connection resubscribes to current groups, and not to former ones`()
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
        try await eventually("both outages are noticed") { layer.counters.outages == 2 }
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
