import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

/// The metadata of a tracked consumer.
struct Visitor: Codable, Sendable, Hashable {
    var color: String
}

@Suite struct PresenceTests {
    private static let people = Presence<Visitor>("room")
    private var people: Presence<Visitor> { Self.people }

    /// Starts a consumer that tracks itself as `key`, follows the presence, and calls `onReceive` for each message.
    private func member(
        _ key: String?, follows: Bool = true, layers: ChannelLayers, clock: ManualClock,
        _ onReceive: (@Sendable (ScriptedConsumer, String) async throws -> Void)? = nil
    ) async -> ConsumerScript {
        let people = people
        let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                if let key { try await consumer.track(people, as: key, Visitor(color: "red")) }
                if follows { try await consumer.follow(people) }
                consumer.accept()
            }
            consumer.onReceive = onReceive
        }
        await script.begin()
        return script
    }

    private func list(_ layers: ChannelLayers) async throws -> PresenceList<Visitor> {
        try await layers.presenceList(people)
    }

    @Test func `a follower receives the current state, then joins and leaves, as JSON`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let ann = await member("Ann", layers: layers, clock: clock)
        let bob = await member("Bob \"B\"", layers: layers, clock: clock)
        await bob.closes()
        #expect(
            ann.lines == [
                "connect", "accept",
                #"forward {"type":"presence.state","count":1,"isExact":true,"members":{"Ann":{"color":"red"}}}"#,
                #"""
                forward {"type":"presence.diff","joins":{"Bob \"B\"":{"color":"red"}},"leaves":{},"updates":{},\#
                "count":2}
                """#,
                #"""
                forward {"type":"presence.diff","joins":{},"leaves":{"Bob \"B\"":{"color":"red"}},"updates":{},\#
                "count":1}
                """#,
            ])
    }

    @Test func `a consumer can handle presence changes itself, in order with its messages`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                var here = PresenceList<Visitor>()
                try await consumer.follow(people) { _, change in
                    here.apply(change)
                    consumer.send(text: here.members.keys.sorted().joined(separator: " ") + " \(here.count)")
                }
                consumer.accept()
            }
            consumer.onReceive = { consumer, text in
                try await consumer.clock.sleep(for: .seconds(1))
                consumer.send(text: text)
            }
        }
        await script.begin()
        await script.deliver("slow")
        let ann = await member("Ann", follows: false, layers: layers, clock: clock)
        await script.deliver("later")
        await ann.loses()
        await script.advance(.seconds(2))
        #expect(
            script.lines == [
                "connect", "accept", "send  0", "receive slow", "send slow", "send Ann 1", "receive later",
                "send later",
                "send  0",
            ])
    }

    @Test func `a tracked consumer leaves before disconnect(), after a close and after a loss`() async throws {
        for isLoss in [true, false] {
            let (layers, clock) = (ChannelLayers(), ManualClock())
            let people = people
            let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
                consumer.onConnect = { consumer in
                    try await consumer.track(people, as: "Ann", Visitor(color: "red"))
                    consumer.accept()
                }
                consumer.onDisconnect = { consumer, _ in
                    consumer.journal.note("\(try await consumer.presenceCount(people)) there")
                }
            }
            await script.begin()
            #expect(try await list(layers).count == 1)
            if isLoss { await script.loses() } else { await script.closes() }
            #expect(script.lines.suffix(2) == ["0 there", "ended"])
        }
    }

    @Test func `a consumer that closes leaves at once and can no longer track or follow`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let script = await member("Ann", layers: layers, clock: clock) { consumer, _ in
            consumer.close()
            do { try await consumer.track(people, as: "Ann", Visitor(color: "red")) } catch is CancellationError {
                consumer.journal.note("cannot be present")
            }
            do { try await consumer.follow(people) } catch is CancellationError {
                consumer.journal.note("cannot follow")
            }
        }
        await script.deliver("close")
        #expect(script.lines.suffix(2) == ["cannot be present", "cannot follow"])
        #expect(try await list(layers).count == 0)
    }

    @Test func `an update after the connection has ended has no effect`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let script = await member("Ann", follows: false, layers: layers, clock: clock) { consumer, text in
            if text == "slow" { try await consumer.clock.sleep(for: .seconds(1)) }
            try await consumer.update(people, Visitor(color: text))
        }
        await script.deliver("slow", "blue")
        await script.closes()
        await script.advance(.seconds(1))
        #expect(
            script.lines == ["connect", "accept", "receive slow", "receive blue", "disconnect 1000", "ended"])
        #expect(!script.log.lines.contains { $0.contains("failed") })
    }

    @Test func `two sockets with one key join and leave once, with the latest metadata`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let watcher = await member(nil, layers: layers, clock: clock)
        let first = await member("Ann", follows: false, layers: layers, clock: clock)
        let second = await member("Ann", follows: false, layers: layers, clock: clock) { consumer, text in
            try await consumer.update(people, Visitor(color: text))
        }
        await second.deliver("blue")
        await second.closes()
        #expect(try await list(layers) == PresenceList(count: 1, members: ["Ann": Visitor(color: "blue")]))
        await first.closes()
        #expect(
            watcher.lines.suffix(3) == [
                #"forward {"type":"presence.diff","joins":{"Ann":{"color":"red"}},"leaves":{},"updates":{},"count":1}"#,
                #"""
                forward {"type":"presence.diff","joins":{},"leaves":{},"updates":{"Ann":{"color":"blue"}},"count":1}
                """#,
                #"""
                forward {"type":"presence.diff","joins":{},"leaves":{"Ann":{"color":"blue"}},"updates":{},"count":0}
                """#,
            ])
    }

    @Test func `a consumer that is tracked again is present only under its new key`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let script = await member("Ann", layers: layers, clock: clock) { consumer, text in
            try await consumer.track(people, as: text, Visitor(color: "red"))
        }
        await script.deliver("Ann")
        #expect(script.lines.count == 4)
        await script.deliver("Anna")
        #expect(try await list(layers).members.keys.sorted() == ["Anna"])
        await script.closes()
        #expect(try await list(layers) == PresenceList())
    }

    @Test func `untrack() and unfollow() leave nothing behind`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let script = await member("Ann", layers: layers, clock: clock) { consumer, _ in
            try await consumer.untrack(people)
            try await consumer.untrack(people)
            try await consumer.unfollow(people)
            do { try await consumer.update(people, Visitor(color: "red")) } catch let error as PresenceError {
                consumer.journal.note("\(error)")
            }
        }
        await script.deliver("leave")
        let other = await member("Bob", layers: layers, clock: clock)
        #expect(
            script.lines.suffix(2) == [
                "receive leave",
                "This consumer is not tracked in 'room', so it has no metadata to update. Call track(_:as:_:) first.",
            ])
        await other.closes()
        let layer = try #require(layers["default"] as? InMemoryChannelLayer)
        #expect(layer.presence.watchCount == 0 && layer.groups.count == 0)
    }

    @Test func `a group's events and presence changes arrive in the order in which they happened`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = Presence<Visitor>(of: RoomScript.room)
        let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room) { _, _ in consumer.send(text: "event") }
                try await consumer.follow(people) { _, _ in consumer.send(text: "change") }
                consumer.accept()
            }
        }
        await script.begin()
        let other = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onReceive = { consumer, _ in
                for _ in 0..<2 {
                    try await consumer.track(people, as: "Ann", Visitor(color: "red"))
                    try await consumer.groupSend(RoomScript.room, .said(text: "hi"))
                    try await consumer.untrack(people)
                }
            }
        }
        await other.begin()
        await other.deliver("go")
        await script.step { _ in }
        #expect(
            script.lines.dropFirst(3) == [
                "send change", "send event", "send change", "send change", "send event", "send change",
            ])
    }

    // MARK: Limits

    @Test(arguments: [
        ("", 1, "The presence key '' has 0 bytes. Use 1 to 128 bytes of UTF-8, such as a user's ID."),
        (
            String(repeating: "é", count: 65), 1,
            """
            The presence key '\(String(repeating: "é", count: 40))…' has 130 bytes. Use 1 to 128 bytes of UTF-8, such \
            as a user's ID.
            """
        ),
        (
            "Ann", 4085,
            """
            The metadata of 'Ann' takes 4097 bytes as JSON; the maximum is 4096, because every follower receives it. \
            Store larger data elsewhere and look it up by the key.
            """
        ),
    ])
    func `an invalid key or too much metadata is rejected with an error that says what to do`(
        key: String, size: Int, text: String
    ) async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                do {
                    try await consumer.track(people, as: key, Visitor(color: String(repeating: "x", count: size)))
                } catch let error as PresenceError {
                    consumer.journal.note("\(error)")
                }
                consumer.accept()
            }
        }
        await script.begin()
        #expect(script.lines == ["connect", text, "accept"])
    }

    @Test func `a key and metadata of the maximum size are accepted`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let people = people
        let key = String(repeating: "é", count: 64)
        let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.track(people, as: key, Visitor(color: String(repeating: "x", count: 4084)))
                consumer.accept()
            }
        }
        await script.begin()
        #expect(try await list(layers).members[key]?.color.count == 4084)
    }

    @Test func `presenceList(), track() and follow() reject an invalid group name`() async throws {
        let people = Presence<Visitor>("presence:room")
        let error = LayerError.invalidGroupName("presence:room")
        await #expect(throws: error) { try await ChannelLayers().presenceList(people) }
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                do { try await consumer.track(people, as: "Ann", Visitor(color: "red")) } catch let error as LayerError
                {
                    consumer.journal.note("\(error)")
                }
                do { try await consumer.follow(people) } catch let error as LayerError {
                    consumer.journal.note("\(error)")
                }
                consumer.accept()
            }
        }
        await script.begin()
        #expect(script.lines == ["connect", "\(error)", "\(error)", "accept"])
    }

    @Test func `metadata that cannot be decoded is left out, logged and counted`() async throws {
        let (layers, clock) = (ChannelLayers(), ManualClock())
        let ann = await member("Ann", follows: false, layers: layers, clock: clock)
        let numbers = Presence<Int>("room")
        let script = await ConsumerScript(layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.track(numbers, as: "Bob", 1)
                try await consumer.follow(numbers) { _, change in
                    if case .state(let list) = change {
                        consumer.send(text: "\(list.members) of \(list.count) \(list.isExact)")
                    }
                }
                consumer.accept()
            }
        }
        await script.begin()
        #expect(script.lines.last == #"send ["Bob": 1] of 2 false"#)
        #expect(script.log.lines.contains { $0.contains("1 presence members") })
        #expect(
            try await list(layers) == PresenceList(count: 2, members: ["Ann": Visitor(color: "red")], isExact: false))
        #expect((layers["default"] as? InMemoryChannelLayer)?.counters.skipped == 1)
        await ann.closes()
    }

    // MARK: In tests of applications

    @Test func `a communicator receives presence changes like a browser`() async throws {
        final class Member: WebSocketConsumer {
            override func connect() async throws {
                accept()
                let people = Presence<Visitor>("room", exactUpTo: 2)
                try await track(people, as: scope.query["name"] ?? "", Visitor(color: "red"))
                try await follow(people)
            }
        }
        let (layers, clock) = (ChannelLayers(), ManualClock())
        func socket(_ name: String) async throws -> WebSocketCommunicator {
            let socket = WebSocketCommunicator(Member(), "/?name=\(name)", services: layers, clock: clock)
            try await socket.open()
            return socket
        }
        let ann = try await socket("Ann")
        var here = PresenceList<Visitor>()
        func take() async throws {
            here.apply(try await ann.receiveJSON(as: PresenceChange<Visitor>.self))
        }
        try await take()
        #expect(here == PresenceList(count: 1, members: ["Ann": Visitor(color: "red")]))
        let bob = try await socket("Bob")
        try await take()
        #expect(here.members.keys.sorted() == ["Ann", "Bob"] && here.isExact)
        let cleo = try await socket("Cleo")
        try await take()
        #expect(here.count == 3 && !here.isExact)
        let dora = try await socket("Dora")
        #expect(try await ann.receiveNothing())
        await clock.advance(by: .seconds(1))
        #expect(try await ann.receiveJSON() == PresenceChange<Visitor>.many(count: 4))
        try await dora.abort()
        try await cleo.disconnect()
        await clock.advance(by: .seconds(1))
        try await take()
        #expect(here == PresenceList(count: 2, members: ["Ann": Visitor(color: "red"), "Bob": Visitor(color: "red")]))
        try await bob.disconnect()
        try await take()
        #expect(here.members.keys.sorted() == ["Ann"])
    }
}
