import RedisServers
import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// Sockets of several processes in one room.
@Suite(.timeLimit(.minutes(20))) struct Rooms {
    let place: RedisPlace

    init() async throws { place = try await RedisPlace() }

    @Test(arguments: RoomKind.allCases, [1, 4])
    func `sockets of all processes receive a room's messages once and in order`(kind: RoomKind, databases: Int)
        async throws
    {
        let (here, there) = (kind.layer(place, databases: databases), kind.layer(place, databases: databases))
        let (ann, ben, cem) = try await (RoomPeer(here), RoomPeer(here), RoomPeer(there))
        for number in 1...5 { try await ann.say("\(number)") }
        for peer in [ann, ben, cem] {
            for number in 1...5 { #expect(try await peer.hears("\(number)")) }
        }
        try await cem.say("back")
        for peer in [ann, ben, cem] { #expect(try await peer.hears("back")) }
    }

    @Test(arguments: RoomKind.allCases)
    func `a message except to its sender reaches all other sockets`(kind: RoomKind) async throws {
        let (here, there) = (kind.layer(place), kind.layer(place))
        let (ann, ben, cem) = try await (RoomPeer(here), RoomPeer(here), RoomPeer(there))
        for number in 1...20 { try await ann.say("others:\(number)") }
        for peer in [ben, cem] {
            for number in 1...20 { #expect(try await peer.hears("others:\(number)")) }
        }
        try await ann.say("marker")
        for peer in [ann, ben, cem] { #expect(try await peer.hears("marker")) }
    }

    @Test(arguments: RoomKind.allCases)
    func `raw text and binary messages are forwarded unchanged`(kind: RoomKind) async throws {
        let (here, there) = (kind.layer(place), kind.layer(place))
        let (ann, ben) = try await (RoomPeer(here), RoomPeer(there))
        try await ann.say("raw:{ no JSON")
        try await ann.socket.send(bytes: [0, 255])
        for peer in [ann, ben] {
            #expect(try await peer.hears("raw:{ no JSON"))
            #expect(try await peer.socket.receiveBytes() == [0, 255])
        }
        try await ann.say("raw others:x")
        #expect(try await ben.hears("raw others:x"))
        try await ann.say("marker")
        #expect(try await ann.hears("marker"))
    }

    @Test(arguments: RoomKind.allCases, [1, 4])
    func `any process can send to a socket's channel`(kind: RoomKind, databases: Int) async throws {
        let (here, there) = (kind.layer(place, databases: databases), kind.layer(place, databases: databases))
        let (ann, ben) = try await (RoomPeer(here), RoomPeer(here))
        for (number, layer) in [here, there].enumerated() {
            try await layer.send(ann.channel, ["type": "direct.message", "text": .string("\(number)")])
            #expect(try await ann.hears("direct \(number)"))
        }
        try await ben.say("marker")
        #expect(try await ben.hears("marker"))
    }

    @Test func `a socket's channel is read on every server, whichever server the sender uses`() async throws {
        let layer = place.queues(databases: 4)
        let ann = try await RoomPeer(layer)
        let envelope = layer.configuration.envelope(hasPrefix: true)
        var generator = SystemRandomNumberGenerator()
        for database in 0..<4 {
            let payload = try envelope.encode(
                ["type": "direct.message", "text": .string("\(database)")], to: .channel(ann.channel),
                stamp: envelope.stamp(at: 1_700_000_000, using: &generator))
            try await RedisProbe(place.server, database: database)(
                "ZADD", .string(place.prefix + LayerName.nonLocal(ann.channel)), 1_700_000_000, .bytes(payload))
            #expect(try await ann.hears("direct \(database)"))
        }
    }

    @Test func `another process can add a socket to a group and remove it by channel name`()
        async throws
    {
        let (here, there) = (place.queues(databases: 4), place.queues(databases: 4))
        let (ann, ben) = try await (RoomPeer(here), RoomPeer(here))
        try await there.groupAdd("club", ann.channel)
        try await there.groupAdd("club", ben.channel)
        try await there.groupSend("club", ["type": "direct.message", "text": "both"])
        #expect(try await ann.hears("direct both"))
        #expect(try await ben.hears("direct both"))
        try await there.groupDiscard("club", ann.channel)
        try await here.groupSend("club", ["type": "direct.message", "text": "one"])
        #expect(try await ben.hears("direct one"))
        try await there.send(ann.channel, ["type": "direct.message", "text": "marker"])
        #expect(try await ann.hears("direct marker"))
        // Its own process knows which process added it.
        try await here.groupDiscard("club", ben.channel)
        #expect(try await place.redis.keys("\(place.prefix):group:club") == [])
    }

    @Test(arguments: RoomKind.allCases)
    func `a socket's own process can add it to a group and remove it by channel name`(kind: RoomKind) async throws {
        let (here, there) = (kind.layer(place), kind.layer(place))
        let ann = try await RoomPeer(here)
        try await here.groupAdd("club", ann.channel)
        try await there.groupSend("club", ["type": "direct.message", "text": "in"])
        #expect(try await ann.hears("direct in"))
        try await here.groupDiscard("club", ann.channel)
        try await there.groupSend("club", ["type": "direct.message", "text": "out"])
        try await there.send(ann.channel, ["type": "direct.message", "text": "marker"])
        #expect(try await ann.hears("direct marker"))
    }

    @Test func `a socket that joined and was also added by name receives a message once`() async throws {
        let (here, there) = (place.queues(), place.queues())
        let ann = try await RoomPeer(here)
        try await there.groupAdd("room", ann.channel)
        try await there.groupSend("room", ["type": "said", "text": "once"])
        #expect(try await ann.hears("once"))
        try await ann.say("marker")
        #expect(try await ann.hears("marker"))
    }

    @Test(arguments: RoomKind.allCases)
    func `a consumer that is not a socket receives a group's events in order`(kind: RoomKind) async throws {
        let (here, there) = (kind.layer(place), kind.layer(place))
        let layers: ChannelLayers = ["default": here]
        try await layers.withEvents(of: RoomSocket.room) { events in
            try await there.groupSend("room", ["type": "said", "text": "one"])
            try await layers.groupSend(RoomSocket.room, .said(text: "two"))
            #expect(try await events.next() == .said(text: "one"))
            #expect(try await events.next() == .said(text: "two"))
        }
        #expect(here.groups.count == 0)
        try await eventually("no key is left") { try await place.keys == [] }
    }

    @Test(arguments: RoomKind.allCases)
    func `a process receives group messages even if no caller awaited the subscription`(kind: RoomKind) async throws {
        let (here, there) = (kind.layer(place), kind.layer(place))
        let crowd = await Crowd(of: 1, in: "room", here)
        try await eventually("a message comes through") {
            try await there.groupSend("room", ["type": "m"])
            return crowd.heard > 0
        }
        await crowd.leave()
        await here.end()
    }

    // MARK: Costs

    @Test func `a message to a thousand sockets of a process is sent once, for one membership`() async throws {
        // Commands are counted, so the test needs its own server.
        let place = try await RedisPlace(RedisServer())
        // A renewed membership would be counted on a slow machine.
        var client = RedisClientSettings()
        client.refresh = .seconds(3600)
        let (here, there) = (RedisChannelLayer(place.configuration(), client: client), place.queues())
        let crowd = await Crowd(of: 1000, in: "room", here)
        try await here.establish("room")
        #expect(try await place.redis("ZCARD", .string("\(place.prefix):group:room")) == .integer(1))
        for number in 1...3 {
            try await there.groupSend("room", ["type": "said", "text": .string("\(number)")])
            try await eventually("all sockets have received it") { crowd.heard == 1000 * number }
        }
        let statistics = try await place.redis("INFO", "commandstats").string ?? ""
        // One adds the membership, and one sends each message.
        #expect(statistics.contains("cmdstat_zadd:calls=4,"))
        await crowd.leave()
        try await eventually("no key is left") { try await place.keys == [] }
        await here.close()
    }

    // MARK: The end

    @Test func `no key is left in Redis when all sockets have left`() async throws {
        let (here, there) = (place.queues(databases: 2), place.queues(databases: 2))
        let (ann, ben) = try await (RoomPeer(here), RoomPeer(there))
        try await ann.say("hello")
        #expect(try await ben.hears("hello"))
        try await ann.socket.disconnect()
        try await ben.socket.disconnect()
        for database in 0..<2 {
            let redis = RedisProbe(place.server, database: database)
            try await eventually("no key is left") { try await redis.keys("\(place.prefix)*") == [] }
        }
    }

    @Test func `a closed layer leaves its groups, even if sockets are still members`() async throws {
        let (here, there) = (place.queues(), place.queues())
        let ann = try await RoomPeer(here)
        try await ann.say("hello")
        #expect(try await ann.hears("hello"))
        await here.close()
        #expect(try await place.keys == [])
        await #expect(throws: LayerError.unavailable("The channel layer was closed.")) {
            try await here.groupSend("room", ["type": "m"])
        }
        try await there.groupSend("room", ["type": "said", "text": "nobody is there"])
        #expect(try await place.keys == [])
    }

    @Test(arguments: RoomKind.allCases)
    func `a layer can be closed while messages arrive`(kind: RoomKind) async throws {
        let there = kind.layer(place)
        for _ in 0..<20 {
            let here = kind.layer(place)
            let crowd = await Crowd(of: 1, in: "room", here)
            try await here.establish("room")
            async let sending: Void = {
                for _ in 0..<30 { try await there.groupSend("room", ["type": "m"]) }
            }()
            try await eventually("some messages are received") { crowd.heard > 3 }
            await here.end()
            try await sending
            await crowd.leave()
        }
    }
}
