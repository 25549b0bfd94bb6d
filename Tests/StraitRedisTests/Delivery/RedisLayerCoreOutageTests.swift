import RedisServers
import StraitCore
import StraitTesting
import Testing

@testable import StraitLayers
@testable import StraitRedis

/// Servers that crash, hang or become unreachable.
@Suite(.timeLimit(.minutes(20))) struct Outages {
    private static let lost = "There is no connection to Redis"
    private static let back = "is back after"

    @Test(arguments: RoomKind.allCases)
    func `sockets rejoin the room after a crash, which is logged and counted once`(kind: RoomKind) async throws {
        let outage = try await OutagePlace()
        let (journal, otherJournal) = (Journal(), Journal())
        let (here, there) = (outage.layer(kind, log: journal), outage.layer(kind, log: otherJournal))
        let (ann, ben) = try await (RoomPeer(here), RoomPeer(there))
        try await ann.say("before")
        for peer in [ann, ben] { #expect(try await peer.hears("before")) }

        await outage.server.crash()
        let error = await #expect(throws: LayerError.self) { try await here.groupSend("room", ["type": "m"]) }
        guard case .unavailable = error else { throw try #require(error) }
        try await outage.server.start()

        try await outage.isRoom(of: 2, kind)
        for journal in [journal, otherJournal] { try await journal.has(Self.back) }
        try await ben.say("after")
        for peer in [ann, ben] { #expect(try await peer.hears("after")) }
        for (layer, journal) in [(here, journal), (there, otherJournal)] {
            #expect(layer.counters.outages == 1)
            #expect(journal.lines.count { $0.hasPrefix("warning") && $0.contains(Self.lost) } == 1)
            #expect(journal.lines.count { $0.hasPrefix("info") && $0.contains(Self.back) } == 1)
            #expect(journal.lines.count == 2)
        }
    }

    @Test(arguments: RoomKind.allCases)
    func `a message that is sent during a server restart waits for the server`(kind: RoomKind) async throws {
        let outage = try await OutagePlace(limit: .seconds(10))
        let (here, there) = (outage.layer(kind), outage.layer(kind))
        let ann = try await RoomPeer(there)
        try await here.groupSend("room", ["type": "said", "text": "before"])
        #expect(try await ann.hears("before"))
        await outage.server.crash()
        // The sender need not know that the connection is lost.
        try await eventually("the outage is noticed") { here.counters.outages + there.counters.outages == 2 }
        async let sending: Void = here.send(ann.channel, ["type": "direct.message", "text": "meanwhile"])
        try await outage.server.start()
        try await sending
        if kind == .queues { #expect(try await ann.hears("direct meanwhile")) }
    }

    @Test(arguments: RoomKind.allCases)
    func `a socket that cannot join its groups is rejected, and later ones are not`(kind: RoomKind) async throws {
        let outage = try await OutagePlace()
        let layer = outage.layer(kind)
        await outage.server.crash()
        await #expect(throws: (any Error).self) { try await RoomPeer(layer) }
        #expect(layer.groups.isEmpty("room"))
        try await outage.server.start()
        let ann = try await RoomPeer(layer)
        try await ann.say("hello")
        #expect(try await ann.hears("hello"))
    }

    @Test func `closing a pub/sub layer ends the calls that wait for a subscription`() async throws {
        let outage = try await OutagePlace()
        await outage.server.crash()
        let layer = outage.layer(.pubSub)
        let waiting = (0..<20).map { _ in Task { try await layer.newChannel() } }
        // Takes a turn of the layer's loop, after which the calls wait.
        try? await layer.groupDiscard("room", "channel")
        await layer.close()
        for call in waiting {
            let error = await #expect(throws: (any Error).self) { try await call.value }
            #expect("\(try #require(error))".contains("closed"))
        }
    }

    @Test(arguments: RoomKind.allCases)
    func `every operation during outages ends by itself, by cancellation or when the layer closes`(
        kind: RoomKind
    ) async throws {
        let outage = try await OutagePlace()
        let layer = outage.layer(kind)
        let own = try await layer.newChannel()
        await withTaskGroup(of: Void.self) { tasks in
            for number in 0..<240 {
                let asking = Task {
                    switch number % 4 {
                    case 0: try await layer.groupSend("room", ["type": "m"])
                    case 1: try await layer.send(own, ["type": "m"])
                    case 2: _ = try await layer.receive("jobs\(number)")
                    default:
                        try await layer.groupAdd("room", own)
                        try await layer.groupDiscard("room", own)
                    }
                }
                tasks.addTask { _ = await asking.result }
                if number % 3 == 0 { asking.cancel() }
                switch number {
                case 60, 180: await outage.server.crash()
                case 120: try? await outage.server.start()
                default: break
                }
            }
            await layer.close()
        }
        try await outage.server.start()
    }

    // MARK: A server that stands still

    @Test func `a send to a hung server times out, and the layer recovers when the server does`()
        async throws
    {
        let outage = try await OutagePlace()
        let journal = Journal()
        let (layer, other) = (outage.queues(log: journal), outage.queues())
        async let first = layer.receive("work")
        try await outage.place.waits(layer, for: "awaited")
        try await other.send("work", ["type": "before"])
        #expect(try await first == ["type": "before"])

        outage.server.pause()
        let error = await #expect(throws: LayerError.self) { try await layer.send("work", ["type": "m"]) }
        guard case .unavailable = error else { throw try #require(error) }
        outage.server.resume()
        try await journal.has(Self.back)
        try await layer.flush()
        for number in 0..<20 { try await other.send("work", ["type": .string("\(number)")]) }
        for number in 0..<20 { #expect(try await layer.receive("work")["type"] == .string("\(number)")) }
    }

    // MARK: Connections that are cut

    @Test(arguments: RoomKind.allCases)
    func `connections that are cut repeatedly are restored, and the room recovers`(kind: RoomKind) async throws {
        let outage = try await OutagePlace(limit: .seconds(5))
        let proxy = try await RedisProxy(outage.server)
        let (here, there) = (outage.layer(kind, through: proxy), outage.layer(kind))
        let ann = try await RoomPeer(here)
        for number in 1...10 {
            await proxy.cut()
            try await there.groupSend("room", ["type": "said", "text": "\(-number)"])
            try await eventually("the outage is noticed") { here.counters.outages >= 1 }
            try await outage.isRoom(of: 1, kind)
            // The subscription to the sockets' channels must be restored, too.
            try await eventually("a message comes through") {
                try? await here.groupSend("room", ["type": "said", "text": .string("\(number)")])
                while true {
                    guard let text = try? await ann.socket.receiveText(timeout: .milliseconds(500)) else {
                        return false
                    }
                    if text.contains("\"\(number)\"") { return true }
                }
            }
        }
        await proxy.end()
    }

    @Test func `a join waits for the subscription to the sockets' channels on every server`() async throws {
        let outage = try await OutagePlace()
        let proxies = [try await RedisProxy(outage.server), try await RedisProxy(outage.server)]
        let layer = outage.layer(.pubSub, through: proxies[0], proxies[1])
        let channel = try await layer.newChannel()
        // The group itself is on a server that stays connected.
        let shard = ShardHash.shard(of: "\(outage.place.prefix)__group__room", among: 2)
        try await layer.follow("room", channel)
        await proxies[1 - shard].refuse()
        try await eventually("the outage is noticed") { layer.counters.outages == 1 }
        await #expect(throws: LayerError.self) { try await layer.establish("room") }
        await proxies[1 - shard].restore()
        try await eventually("the subscription is restored") { (try? await layer.establish("room")) != nil }
        await layer.close()
        for proxy in proxies { await proxy.end() }
    }

    @Test func `messages sent while the receiver is disconnected arrive later, once and in order`() async throws {
        let outage = try await OutagePlace(limit: .seconds(5))
        let proxy = try await RedisProxy(outage.server)
        let (here, there) = (outage.queues(through: proxy), outage.queues())
        let ann = try await RoomPeer(here)
        await proxy.refuse()
        try await eventually("the outage is noticed") { here.counters.outages == 1 }
        for number in 0..<100 { try await there.groupSend("room", ["type": "said", "text": .string("\(number)")]) }
        try await there.send(ann.channel, ["type": "direct.message", "text": "last"])
        await proxy.restore()
        for number in 0..<100 { #expect(try await ann.hears("\(number)")) }
        #expect(try await ann.hears("direct last"))
        await proxy.end()
    }

    @Test func `a group that is left during an outage is left in Redis afterwards`() async throws {
        let outage = try await OutagePlace()
        let proxy = try await RedisProxy(outage.server)
        let here = outage.queues(through: proxy)
        let ann = try await RoomPeer(here)
        try await outage.isRoom(of: 1, .queues)
        await proxy.refuse()
        try await eventually("the outage is noticed") { here.counters.outages == 1 }
        try await ann.socket.disconnect()
        try await eventually("the socket has left") { here.groups.isEmpty("room") }
        await #expect(throws: LayerError.self) { try await here.send("work", ["type": "m"]) }
        await proxy.restore()
        try await outage.isRoom(of: 0, .queues)
        await proxy.end()
    }

    @Test func `a read on a dead connection takes no message after the layer reconnects`() async throws {
        let outage = try await OutagePlace()
        let proxy = try await RedisProxy(outage.server)
        let (here, there) = (outage.queues(through: proxy), outage.queues())
        let process = try await here.newChannel().dropFirst("specific.".count).prefix(16)
        let ann = try await RoomPeer(here)
        let receiving = Task {
            var types: [String] = []
            while types.last != "9" { types.append(try await here.receive("work").type ?? "") }
            return types
        }
        try await outage.place.waits(here, for: "awaited")
        try await outage.place.waits(here, for: "own")
        let replacedID = try await outage.place.connections("name=strait-", "-\(process)", "flags=b").compactMap(
            Self.number)
        await proxy.swallow()
        // Each connection is found dead, and new connections get no replies.
        await #expect(throws: LayerError.self) { try await here.send("other", ["type": "m"]) }
        await proxy.restore()
        try await eventually("the former connections are gone, and new connections are reading") {
            let now = try await outage.place.connections("name=strait-", "-\(process)", "flags=b").compactMap(
                Self.number)
            return now.count == 2 && now.allSatisfy { !replacedID.contains($0) }
        }
        for number in 0..<10 {
            try await there.send("work", ["type": .string("\(number)")])
            try await there.groupSend("room", ["type": "said", "text": .string("\(number)")])
        }
        #expect(try await receiving.value == (0..<10).map(String.init))
        for number in 0..<10 { #expect(try await ann.hears("\(number)")) }
        await proxy.end()
    }

    /// The connection ID in a line of `CLIENT LIST`.
    private static func number(_ line: Substring) -> Int? { line.firstMatch(of: /^id=([0-9]+)/).flatMap { Int($0.1) } }

    // MARK: The end

    @Test(arguments: RoomKind.allCases)
    func `a released layer and a closed layer end their connections`(kind: RoomKind)
        async throws
    {
        let outage = try await OutagePlace()
        var layer: (any LocalDeliveryLayer)? = outage.layer(kind)
        let closed = outage.layer(kind)
        weak let gone = layer
        for layer in [layer, closed] {
            let channel = try #require(try await layer?.newChannel())
            let receiving = Task { try await layer?.receive(channel) }
            try await layer?.send(channel, ["type": "m"])
            #expect(try await receiving.value == ["type": "m"])
        }
        layer = nil
        #expect(gone == nil)
        await closed.end()
        try await eventually("no connection is left") {
            try await outage.place.connections("name=strait-").isEmpty
        }
        await #expect(throws: LayerError.unavailable("The channel layer was closed.")) {
            try await closed.send("work", ["type": "m"])
        }
        await closed.end()
    }
}
