import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// The requirements of channels_redis' own tests for its core layer's groups, and further ones.
@Suite(.timeLimit(.minutes(20))) struct QueueGroups {
    let place: RedisPlace

    init() async throws { place = try await RedisPlace() }

    @Test(arguments: [1, 10]) func `a group message reaches each member once, and no former member`(databases: Int)
        async throws
    {
        let layer = place.queues(databases: databases)
        var channels: [String] = []
        for number in 1...3 { channels.append(try await layer.newChannel(prefix: "test-gr-chan-\(number)")) }
        for channel in channels { try await layer.groupAdd("test-group", channel) }
        try await layer.groupDiscard("test-group", channels[1])
        try await layer.groupSend("test-group", ["type": "message.1"])
        try await layer.send(channels[1], ["type": "marker"])
        #expect(try await layer.receive(channels[0]) == ["type": "message.1"])
        #expect(try await layer.receive(channels[1]) == ["type": "marker"])
        #expect(try await layer.receive(channels[2]) == ["type": "message.1"])
    }

    @Test func `channels with the same prefix are separate members`() async throws {
        let layer = place.queues()
        var channels: [String] = []
        for _ in 1...3 { channels.append(try await layer.newChannel(prefix: "test-gr-chan")) }
        for channel in channels { try await layer.groupAdd("test-group", channel) }
        try await layer.groupSend("test-group", ["type": "message.1"])
        for channel in channels { #expect(try await layer.receive(channel) == ["type": "message.1"]) }
    }

    @Test(arguments: [1, 10, 100]) func `a group message on ten servers reaches all members`(count: Int) async throws {
        let layer = place.queues(databases: 10) { $0.capacity = 100 }
        var channels: [String] = []
        for number in 0..<count { channels.append(try await layer.newChannel(prefix: "channel\(number)")) }
        for channel in channels { try await layer.groupAdd("test-group", channel) }
        try await layer.groupSend("test-group", ["type": "message.1"])
        for channel in channels { #expect(try await layer.receive(channel) == ["type": "message.1"]) }
    }

    @Test func `a group message reaches other processes' members and shared channels`() async throws {
        let (layer, other) = (place.queues(databases: 4), place.queues(databases: 4))
        let own = try await other.newChannel()
        try await other.groupAdd("group", own)
        try await layer.groupAdd("group", "work")
        try await layer.groupSend("group", ["type": "m"])
        #expect(try await other.receive(own) == ["type": "m"])
        #expect(try await other.receive("work") == ["type": "m"])
    }

    @Test func `a message to an empty group is accepted and leaves nothing in Redis`() async throws {
        try await place.queues().groupSend("nobody", ["type": "m"])
        #expect(try await place.keys == [])
    }

    @Test func `a channel that was never added can be discarded`() async throws {
        let layer = place.queues()
        try await layer.groupDiscard("group", try await layer.newChannel())
    }

    @Test func `a group's key contains its channels' names, and is deleted with the last one`() async throws {
        let layer = place.queues()
        try await layer.groupAdd("test_group", "work")
        let key = "\(place.prefix):group:test_group"
        #expect(try await place.redis("ZRANGE", .string(key), 0, -1).elements == [.bulk("work")])
        #expect(try await place.keys == [key])
        try await layer.groupDiscard("test_group", "work")
        #expect(try await place.keys == [])
    }

    // MARK: Capacity

    @Test func `a full member misses a message, which is counted and logged without an error`() async throws {
        let journal = Journal()
        let layer = place.queues(log: journal)
        let channel = try await layer.newChannel()
        try await layer.groupAdd("test-group", channel)
        for number in 1...4 { try await layer.groupSend("test-group", ["type": .string("message.\(number)")]) }
        #expect(layer.counters.droppedFull == 1)
        #expect(journal.lines == ["info 1 of 1 channels over capacity in group test-group"])
        for number in 1...3 { #expect(try await layer.receive(channel)["type"] == .string("message.\(number)")) }
        try await layer.groupSend("test-group", ["type": "marker"])
        #expect(try await layer.receive(channel) == ["type": "marker"])
    }

    @Test func `a full member does not keep messages from other members`() async throws {
        let journal = Journal()
        let layer = place.queues(log: journal)
        let (full, empty) = try await (layer.newChannel(), layer.newChannel())
        try await layer.groupAdd("test-group", full)
        for _ in 1...3 { try await layer.send(full, ["type": "first"]) }
        try await layer.groupAdd("test-group", empty)
        try await layer.groupSend("test-group", ["type": "message"])
        #expect(journal.lines == ["info 1 of 2 channels over capacity in group test-group"])
        #expect(try await layer.receive(empty) == ["type": "message"])
    }

    // MARK: Age

    @Test func `a member older than the group expiry is removed`() async throws {
        let layer = place.queues { $0.groupExpiry = .seconds(60) }
        let key = RedisArgument.string("\(place.prefix):group:group")
        let seconds = try #require(try await place.redis("TIME").elements?.first?.string.flatMap(Int.init))
        try await place.redis("ZADD", key, .integer(seconds - 61), "old")
        try await place.redis("ZADD", key, .integer(seconds - 30), "young")
        try await layer.groupSend("group", ["type": "m"])
        #expect(try await place.redis("ZRANGE", key, 0, -1).elements == [.bulk("young")])
        #expect(try await place.keys == ["\(place.prefix):group:group", "\(place.prefix)young"])
    }

    @Test func `adding a channel again renews its membership and the group's expiry`() async throws {
        let layer = place.queues { $0.groupExpiry = .seconds(60) }
        let key = RedisArgument.string("\(place.prefix):group:group")
        try await place.redis("ZADD", key, 1_700_000_000, "work")
        try await layer.groupAdd("group", "work")
        let score = try #require(try await place.redis("ZSCORE", key, "work").scoreText.flatMap(Double.init))
        #expect(score > 1_700_000_060)
        let milliseconds = try #require(try await place.redis("PTTL", key).integer)
        // The key had no expiry before. The remaining time depends on the machine.
        #expect((1...60_000).contains(milliseconds))
    }

    // MARK: Flushing

    @Test func `a flush deletes only the layer's keys`() async throws {
        let layer = place.queues(databases: 2)
        let others = ["other\(place.prefix)", "\(place.prefix.dropLast())*", String(place.prefix.dropLast())]
        for key in others { try await place.redis("SET", .string(key), "value") }
        try await layer.send("work", ["type": "m"])
        try await layer.send("work", ["type": "m"])
        try await layer.groupAdd("group", "work")
        try await layer.flush()
        #expect(try await place.keys == [])
        #expect(try await RedisProbe(place.server, database: 1).keys("\(place.prefix)*") == [])
        for key in others { #expect(try await place.redis("GET", .string(key)) == .bulk("value")) }
    }

    @Test func `a flush treats the layer's prefix literally, not as a pattern`() async throws {
        let pattern = "\(place.prefix)[ab]?*"
        let layer = place.queues { $0.prefix = pattern }
        let other = "\(place.prefix)axy"
        try await place.redis("SET", .string(other), "value")
        try await layer.send("work", ["type": "m"])
        try await layer.flush()
        #expect(try await place.keys == [other])
    }

    @Test
    func `a Strait process that does not renew its membership is removed, and Django's channels stay`()
        async throws
    {
        var client = RedisClientSettings()
        client.refresh = .milliseconds(10)
        let layer = RedisChannelLayer(place.configuration(), client: client, log: Log(level: .error))
        let (gone, django) = ("specific.0123!group.4567", "specific.0123!4567")
        let seconds = try #require(try await place.redis("TIME").elements?.first?.string.flatMap(Int.init))
        let key = RedisArgument.string("\(place.prefix):group:room")
        for channel in [gone, django] {
            try await place.redis("ZADD", key, .integer(seconds - 120), .string(channel))
        }
        let own = try await layer.newChannel()
        try await layer.follow("room", own)
        try await eventually("it is removed") { try await place.redis("ZSCORE", key, .string(gone)) == .null }
        #expect(try await place.redis("ZSCORE", key, .string(django)) != .null)
        try await layer.groupDiscard("room", own)
    }
}
