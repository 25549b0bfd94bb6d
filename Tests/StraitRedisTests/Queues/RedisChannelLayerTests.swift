import RedisServers
import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// The requirements of channels_redis' own tests for its core layer's channels, and further ones.
@Suite(.timeLimit(.minutes(20))) struct QueueChannels {
    let place: RedisPlace
    let layer: RedisChannelLayer

    init() async throws {
        place = try await RedisPlace()
        layer = place.queues()
    }

    @Test func `a sent message is received, and its key is then deleted`() async throws {
        try await layer.send("test-channel-1", ["type": "test.message", "text": "Ahoy-hoy!"])
        #expect(try await place.keys == ["\(place.prefix)test-channel-1"])
        #expect(try await layer.receive("test-channel-1") == ["type": "test.message", "text": "Ahoy-hoy!"])
        #expect(try await place.keys == [])
    }

    @Test func `a process-local channel keeps its messages in order`() async throws {
        let channel = try await layer.newChannel()
        for number in 0..<3 { try await layer.send(channel, ["type": "m", "number": .int(number)]) }
        for number in 0..<3 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    @Test(arguments: [1, 10]) func `two channels of a process can be received from in any order`(databases: Int)
        async throws
    {
        let layer = place.queues(databases: databases)
        let (first, second) = try await (layer.newChannel(), layer.newChannel())
        try await layer.send(first, ["type": "test.message.1"])
        try await layer.send(second, ["type": "test.message.2"])
        #expect(try await layer.receive(second) == ["type": "test.message.2"])
        #expect(try await layer.receive(first) == ["type": "test.message.1"])
    }

    @Test func `a message wakes a waiting receiver`() async throws {
        async let message = layer.receive("work")
        try await place.waits(layer, for: "awaited")
        try await place.queues().send("work", ["type": "m"])
        #expect(try await message == ["type": "m"])
    }

    @Test func `a second channel can be awaited while a read of the first is in progress`() async throws {
        async let first = layer.receive("first")
        try await place.waits(layer, for: "awaited")
        async let second = layer.receive("second")
        try await place.queues().send("second", ["type": "2"])
        #expect(try await second == ["type": "2"])
        try await place.queues().send("first", ["type": "1"])
        #expect(try await first == ["type": "1"])
    }

    // MARK: Names

    @Test(arguments: ["=+135!", "", "with space", "ünicode", "a!b!c", String(repeating: "a", count: 100)])
    func `an invalid channel name is rejected`(name: String) async throws {
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.send(name, ["type": "m"]) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.receive(name) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.groupAdd("group", name) }
        await #expect(throws: LayerError.invalidChannelName(name)) { try await layer.groupDiscard("group", name) }
    }

    @Test(arguments: ["=+135", "", "a!b", String(repeating: "a", count: 100)])
    func `an invalid group name is rejected`(name: String) async throws {
        await #expect(throws: LayerError.invalidGroupName(name)) { try await layer.groupAdd(name, "channel") }
        await #expect(throws: LayerError.invalidGroupName(name)) { try await layer.groupDiscard(name, "channel") }
        await #expect(throws: LayerError.invalidGroupName(name)) { try await layer.groupSend(name, ["type": "m"]) }
    }

    @Test func `receiving from another process's channel fails with the alternatives`() async throws {
        let others = try await place.queues().newChannel()
        for name in ["not-client-prefix!local_part", others, layer.socketChannel()] {
            let error = await #expect(throws: LayerError.self) { try await layer.receive(name) }
            #expect(
                error?.description
                    == """
                    The channel '\(name)' belongs to another process or to a socket. Receive from a channel that \
                    this layer's newChannel() returned, or from one without an exclamation mark.
                    """
            )
        }
    }

    @Test func `names of new channels are unique, even between identical layers`() async throws {
        var names: Set<String> = []
        for layer in [layer, place.queues()] {
            for _ in 0..<100 { names.insert(try await layer.newChannel()) }
            for _ in 0..<100 { names.insert(layer.socketChannel()) }
        }
        #expect(names.count == 400)
        #expect(names.allSatisfy { $0.wholeMatch(of: /specific\.[0-9a-f]{32}![0-9a-f]{32}/) != nil })
    }

    @Test func `the random prefixes of messages are unique`() async throws {
        let layer = place.queues { $0.capacity = 200 }
        for _ in 0..<100 { try await layer.send("work", ["type": "m"]) }
        let waiting = try await place.redis("ZRANGE", .string("\(place.prefix)work"), 0, -1).elements ?? []
        #expect(Set(waiting.compactMap { $0.bytes.map { Array($0.prefix(12)) } }).count == 100)
    }

    @Test func `a message with the reserved key __asgi_channel__ is rejected`() async throws {
        await #expect(throws: LayerError.self) { try await layer.send("work", ["type": "m", "__asgi_channel__": "x"]) }
        #expect(try await place.keys == [])
    }

    // MARK: Capacity

    @Test func `a full channel rejects messages until one is received`() async throws {
        for _ in 0..<3 { try await layer.send("work", ["type": "m"]) }
        await #expect(throws: LayerError.channelFull("work")) { try await layer.send("work", ["type": "m"]) }
        #expect(layer.counters.droppedFull == 1)
        _ = try await layer.receive("work")
        try await layer.send("work", ["type": "m"])
    }

    @Test func `a channel can have its own capacity`() async throws {
        let layer = place.queues { $0.capacity = ChannelCapacity(3, ["tiny*": 1]) }
        try await layer.send("tiny-one", ["type": "m"])
        await #expect(throws: LayerError.channelFull("tiny-one")) { try await layer.send("tiny-one", ["type": "m"]) }
    }

    @Test func `queued messages of one channel do not reduce the capacity of others`() async throws {
        // All socket channels share one queue, which has no reader here.
        let own = "specific.00000000000000000000000000000000!"
        for _ in 0..<3 { try await layer.send(own + "full", ["type": "m"]) }
        await #expect(throws: LayerError.channelFull(own + "full")) {
            try await layer.send(own + "full", ["type": "m"])
        }
        for _ in 0..<3 { try await layer.send(own + "sibling", ["type": "m"]) }
        await #expect(throws: LayerError.channelFull(own + "sibling")) {
            try await layer.send(own + "sibling", ["type": "m"])
        }
    }

    @Test func `the queue of a process that does not read is bounded over all its channels`() async throws {
        // No message may expire during the test, even on a slow machine.
        let layer = place.queues { $0.expiry = .seconds(3600) }
        let own = "specific.00000000000000000000000000000000!"
        var sent = 0
        while sent < 2000, (try? await layer.send(own + "\(sent)", ["type": "m"])) != nil { sent += 1 }
        #expect(sent == 1000)
    }

    // MARK: Age

    @Test func `expired messages are removed when a message is sent`() async throws {
        let queue = RedisArgument.string("\(place.prefix)work")
        for number in 0..<3 { try await place.redis("ZADD", queue, 1_700_000_000, .string("000000000000old\(number)")) }
        try await layer.send("work", ["type": "new"])
        #expect(try await place.redis("ZCARD", queue) == .integer(1))
        #expect(try await layer.receive("work") == ["type": "new"])
    }

    @Test func `expired messages are removed when a group message is sent`() async throws {
        let queue = RedisArgument.string("\(place.prefix)work")
        for number in 0..<3 { try await place.redis("ZADD", queue, 1_700_000_000, .string("000000000000old\(number)")) }
        try await layer.groupAdd("group", "work")
        try await layer.groupSend("group", ["type": "new"])
        #expect(try await place.redis("ZCARD", queue) == .integer(1))
        #expect(try await layer.receive("work") == ["type": "new"])
    }

    @Test func `a queue expires with its messages`() async throws {
        let layer = place.queues { $0.expiry = .seconds(3600) }
        try await layer.send("work", ["type": "m"])
        let milliseconds = try #require(try await place.redis("PTTL", .string("\(place.prefix)work")).integer)
        #expect((1...3_600_000).contains(milliseconds))
    }

    @Test func `messages from senders with wrong clocks are received, and ours stay in order`()
        async throws
    {
        let queue = RedisArgument.string("\(place.prefix)work")
        let seconds = try #require(try await place.redis("TIME").elements?.first?.string.flatMap(Int.init))
        let layer = place.queues { $0.capacity = 100 }
        func plant(_ type: String, at score: Int) async throws {
            var generator = SystemRandomNumberGenerator()
            let envelope = place.configuration().envelope(hasPrefix: true)
            let payload = try envelope.encode(
                ["type": .string(type)], to: .queue,
                stamp: envelope.stamp(at: Int64(seconds), using: &generator))
            try await place.redis("ZADD", queue, .integer(score), .bytes(payload))
        }
        try await layer.send("work", ["type": "1"])
        try await plant("ahead", at: seconds + 3600)
        for number in 2...5 { try await layer.send("work", ["type": .string("\(number)")]) }
        try await plant("behind", at: seconds - 30)
        var types: [String] = []
        for _ in 0..<7 { types.append(try await layer.receive("work").type ?? "") }
        #expect(types == ["behind", "1", "ahead", "2", "3", "4", "5"])
    }

    // MARK: Cancelling

    @Test func `a cancelled receive loses no message and leaves nothing in Redis`() async throws {
        let receiving = Task { try await layer.receive("work") }
        try await place.waits(layer, for: "awaited")
        receiving.cancel()
        await #expect(throws: CancellationError.self) { try await receiving.value }
        try await place.queues().send("work", ["type": "m"])
        #expect(try await layer.receive("work") == ["type": "m"])
        try await eventually("no key is left") { try await place.keys == [] }
    }

    @Test(arguments: [1, 4]) func `receives that are cancelled at random moments lose no message`(databases: Int)
        async throws
    {
        let layer = place.queues(databases: databases) { $0.capacity = 1000 }
        let sender = place.queues(databases: databases) { $0.capacity = 1000 }
        async let sending: Void = {
            for number in 0..<200 { try await sender.send("work", ["type": "m", "number": .int(number)]) }
        }()
        var numbers: [Int] = []
        while numbers.count < 200 {
            let receiving = Task { try await layer.receive("work") }
            if Bool.random() { try await place.redis("PING") }
            if numbers.count < 190 || Bool.random() { receiving.cancel() }
            if let number = try? await receiving.value["number"]?.int {
                numbers.append(number)
                continue
            }
            // An occasional receive without cancellation, so that the test ends.
            if Int.random(in: 0..<4) == 0 {
                numbers.append(try #require(try await layer.receive("work")["number"]?.int))
            }
        }
        try await sending
        #expect(numbers.sorted() == Array(0..<200))
    }

    @Test func `a message is taken from Redis only if a receiver waits`() async throws {
        let server = try await RedisServer()
        let place = try await RedisPlace(server)
        let layer = place.queues()
        for number in 0..<3 { try await layer.send("work", ["type": .string("\(number)")]) }
        #expect(try await layer.receive("work")["type"] == "0")
        for _ in 0..<50 { try await place.redis("PING") }
        #expect(try await place.redis("ZCARD", .string("\(place.prefix)work")) == .integer(2))
        let statistics = try await place.redis("INFO", "commandstats").string ?? ""
        let calls = statistics.firstMatch(of: /cmdstat_bzpopmin:calls=([0-9]+)/).flatMap { Int($0.1) }
        #expect(try #require(calls) <= 2)
        let other = place.queues()
        #expect(try await other.receive("work")["type"] == "1")
        #expect(try await layer.receive("work")["type"] == "2")
    }
}
