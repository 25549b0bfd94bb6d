import StraitConsumers
import StraitLayers
import StraitNetwork
import StraitTesting
import StraitWebSocket
import Testing

private enum Event: Codable, Sendable, Hashable {
    case said(text: String)
    case price(symbol: String, value: Int)
}

private struct JobDone: ChannelMessage {
    static let type = "job.done"
    var id: Int
}

/// A consumer that is in groups by its class.
private final class Member: WebSocketConsumer {
    var journal = Journal()
    override var groups: [String] { ["chat"] }

    override func connect() async throws {
        journal.note("connect")
        on(JobDone.self) { job in self.journal.note("job \(job.id)") }
        on("chat.message") { message in self.journal.note("chat \(message["text"]?.string ?? "")") }
        accept()
    }

    override func receive(_ message: Message) async throws {
        journal.note("receive \(message.text ?? "\(message.payload)")")
    }

    override func disconnect(_ close: Close) async throws { journal.note("disconnect") }
}

@Suite struct GroupEvents {
    private static let room = Group<Event>("room")

    private func member(_ layers: ChannelLayers = ChannelLayers()) async -> ConsumerScript {
        await ConsumerScript(layers: layers) { journal in
            let member = Member()
            member.journal = journal
            return member
        }
    }

    /// A consumer that passes the events of a group on.
    private func forwarder(
        _ group: Group<Event> = Self.room, limits: ConsumerLimits = ConsumerLimits(),
        clock: ManualClock = ManualClock(),
        layers: ChannelLayers = ChannelLayers()
    ) async -> ConsumerScript {
        let script = await ConsumerScript(limits: limits, layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(group)
                consumer.accept()
            }
        }
        await script.begin()
        return script
    }

    private func memberCount(_ script: ConsumerScript, _ group: String) throws -> Int {
        try #require(script.layers["default"] as? InMemoryChannelLayer).groups.memberCount(of: group)
    }

    // MARK: Joining

    @Test func `a consumer that joined a group passes its events on as JSON`() async throws {
        let script = await forwarder()
        try await script.send(.said(text: "hi \"Ann\""), to: Self.room)
        #expect(script.lines == ["connect", "accept", #"forward {"type":"said","text":"hi \"Ann\""}"#])
        #expect(script.counters.droppedEvents == 0)
    }

    @Test func `a consumer may handle the events of a group itself`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room) { event in
                    if case .said(let text) = event { consumer.send(text: text.uppercased()) }
                }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(.said(text: "hi"), to: Self.room)
        // What comes from elsewhere is decoded.
        try await script.send(["type": "said", "text": "ho"], to: "room")
        #expect(script.lines == ["connect", "accept", "send HI", "send HO"])
    }

    @Test func `an event of another shape is logged, counted and survived`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room) { _ in consumer.send(text: "handled") }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(["type": "shouted", "text": "ho"], to: "room")
        try await script.send(.said(text: "hi"), to: Self.room)
        #expect(script.lines == ["connect", "accept", "send handled"])
        #expect(script.counters.ignoredEvents == 1)
        #expect(script.log.lines.contains { $0.contains("shouted message with type, text") })
    }

    @Test func `joining again changes what is done with the events`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room)
                try await consumer.join(Self.room) { _ in consumer.send(text: "handled") }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(.said(text: "hi"), to: Self.room)
        #expect(script.lines == ["connect", "accept", "send handled"])
        #expect(try memberCount(script, "room") == 1)
    }

    @Test func `messages for sockets are passed on as they are`() async throws {
        let group = Group<Message>("raw")
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(group)
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(Message(text: "as it is"), to: group)
        try await script.send(["type": "websocket.send", "text": "from Django"], to: "raw")
        #expect(script.lines.suffix(2) == ["forward as it is", "forward from Django"])
    }

    @Test func `an event may leave out its sender`() async throws {
        let layers = ChannelLayers()
        let other = await forwarder(layers: layers)
        let script = await ConsumerScript(layers: layers) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, text in
                try await Self.room.send(.said(text: text), except: consumer)
                try await Self.room.send(.said(text: "to all"))
            }
        }
        await script.begin()
        await script.deliver("hi")
        await other.step { _ in }
        #expect(script.lines.suffix(2) == ["receive hi", #"forward {"type":"said","text":"to all"}"#])
        #expect(
            other.lines.suffix(2) == [
                #"forward {"type":"said","text":"hi"}"#, #"forward {"type":"said","text":"to all"}"#,
            ])
    }

    // MARK: Order

    @Test func `an event waits behind the message that is being handled, and those that arrived before it`()
        async throws
    {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, text in
                if text == "slow" { try await consumer.clock.sleep(for: .seconds(1)) }
                consumer.send(text: "done \(text)")
            }
        }
        await script.begin()
        await script.deliver("slow", "second")
        try await script.send(.said(text: "event"), to: Self.room)
        await script.deliver("third")
        #expect(script.lines == ["connect", "accept", "receive slow"])
        await script.advance(.seconds(1))
        #expect(
            script.lines.dropFirst(3) == [
                "send done slow", "receive second", "send done second", #"forward {"type":"said","text":"event"}"#,
                "receive third", "send done third",
            ])
    }

    @Test func `nothing is passed on before the handshake is accepted, and nothing is lost`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room)
                consumer.start {
                    try await consumer.clock.sleep(for: .seconds(1))
                    consumer.accept()
                }
            }
        }
        await script.begin()
        try await script.send(.said(text: "early"), to: Self.room)
        #expect(script.lines == ["connect"])
        await script.advance(.seconds(1))
        #expect(script.lines == ["connect", "accept", #"forward {"type":"said","text":"early"}"#])
    }

    @Test func `after a leave nothing more is handled, though it waits already`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.clock.sleep(for: .seconds(1))
                try await consumer.leave(Self.room)
            }
        }
        await script.begin()
        await script.deliver("leave")
        try await script.send(.said(text: "late"), to: Self.room)
        await script.advance(.seconds(1))
        try await script.send(.said(text: "later"), to: Self.room)
        #expect(script.lines == ["connect", "accept", "receive leave"])
        #expect(try memberCount(script, "room") == 0)
    }

    // MARK: The end

    @Test func `groups of the class are joined before connect and left before disconnect`() async throws {
        let script = await member()
        try await script.send(["type": "chat.message", "text": "nobody yet"], to: "chat")
        await script.begin()
        #expect(try memberCount(script, "chat") == 1)
        try await script.send(["type": "chat.message", "text": "hi"], to: "chat")
        try await script.send(["type": "websocket.receive", "text": "as if from the peer"], to: "chat")
        try await script.send(["type": "websocket.send", "text": "to the peer"], to: "chat")
        await script.closes()
        try await script.send(["type": "chat.message", "text": "too late"], to: "chat")
        #expect(
            script.lines == [
                "connect", "accept", "chat hi", "receive as if from the peer", "forward to the peer", "disconnect",
                "ended",
            ])
        #expect(try memberCount(script, "chat") == 0)
    }

    @Test func `what waits when the socket ends is dropped and counted`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in try await consumer.clock.sleep(for: .seconds(1)) }
        }
        await script.begin()
        await script.deliver("slow")
        try await script.send(.said(text: "late"), to: Self.room)
        await script.closes()
        await script.advance(.seconds(1))
        #expect(script.lines == ["connect", "accept", "receive slow", "disconnect 1000", "ended"])
        #expect(script.counters.droppedEvents == 1)
        #expect(try memberCount(script, "room") == 0)
    }

    @Test func `a consumer that closes hears nothing more of its groups`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room) { _ in consumer.send(text: "handled") }
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in consumer.close() }
        }
        await script.begin()
        await script.deliver("close")
        #expect(try memberCount(script, "room") == 0)
        try await script.send(.said(text: "late"), to: Self.room)
        #expect(script.lines == ["connect", "accept", "receive close", "close 1000"])
    }

    @Test func `a consumer whose handler of an event throws is closed with 1011`() async throws {
        struct Oops: Error {}
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Self.room) { _ in throw Oops() }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(.said(text: "hi"), to: Self.room)
        #expect(script.lines.last == "close 1011 The server had an error.")
    }

    // MARK: The consumer's own channel

    @Test func `what is sent to a consumer's channel goes to the handler of its type`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.on(JobDone.self) { job in consumer.send(text: "job \(job.id)") }
                consumer.journal.note(try consumer.channelName.hasPrefix("specific.inmemory!") ? "named" : "?")
                try await consumer.channelLayer.groupAdd("jobs", consumer.channelName)
                try await consumer.channelLayer.send(consumer.channelName, LayerMessage(encoding: JobDone(id: 7)))
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.channelLayer.groupDiscard("jobs", consumer.channelName)
            }
        }
        await script.begin()
        try await script.send(["type": "job.done", "id": 8], to: "jobs")
        await script.deliver("leave")
        try await script.send(["type": "job.done", "id": 9], to: "jobs")
        #expect(script.lines == ["connect", "named", "accept", "send job 7", "send job 8", "receive leave"])
        await script.closes()
        #expect(try #require(script.layers["default"] as? InMemoryChannelLayer).groups.channelCount == 0)
    }

    @Test func `a consumer's channel has one name to the end, and is there no more in disconnect`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.journal.note(try consumer.channelName)
                consumer.accept()
            }
            consumer.onDisconnect = { consumer, _ in consumer.journal.note(try consumer.channelName) }
        }
        await script.begin()
        await script.closes()
        #expect(script.lines.count == 6 && script.lines[1] == script.lines[4])
        #expect(try #require(script.layers["default"] as? InMemoryChannelLayer).groups.channelCount == 0)
    }

    @Test func `a consumer's channel that is full refuses what is sent to it`() async throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(capacity: 2)]
        let script = await ConsumerScript(layers: layers) { consumer in
            consumer.onConnect = { consumer in
                consumer.on("n") { message in consumer.journal.note("n \(message["n"]?.int ?? 0)") }
                for n in 1...2 {
                    try await consumer.channelLayer.send(consumer.channelName, ["type": "n", "n": .int(n)])
                }
                do {
                    try await consumer.channelLayer.send(consumer.channelName, ["type": "n", "n": 3])
                } catch LayerError.channelFull {
                    consumer.journal.note("full")
                }
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.channelLayer.send(consumer.channelName, ["type": "n", "n": 4])
            }
        }
        await script.begin()
        await script.deliver("more")
        #expect(script.lines == ["connect", "full", "accept", "n 1", "n 2", "receive more", "n 4"])
    }

    @Test(arguments: ["_private", ".hidden", ""])
    func `a malformed type is logged and survived`(type: String) async throws {
        let script = await member()
        await script.begin()
        try await script.send(["type": .string(type)], to: "chat")
        try await script.send(["type": "chat.message", "text": "still here"], to: "chat")
        #expect(script.lines == ["connect", "accept", "chat still here"])
        #expect(
            script.log.lines.contains {
                $0.contains(
                    "was sent Malformed type '\(type)' in a message: it must not be empty or begin with a period or an underscore."
                )
            })
        #expect(script.counters.ignoredEvents == 1)
    }

    @Test func `a type without a handler, and a message without a type, are logged and survived`() async throws {
        let script = await member()
        await script.begin()
        try await script.send(["type": "nobody.knows"], to: "chat")
        try await script.send(["text": "untyped"], to: "chat")
        #expect(script.lines == ["connect", "accept"])
        #expect(script.counters.ignoredEvents == 2)
        #expect(
            script.log.lines.contains {
                $0.contains(
                    "Member at /ws/ was sent a message of type 'nobody.knows', for which it has no handler. Register one in connect() with on(\"nobody.knows\")."
                )
            })
    }

    // MARK: Layers

    @Test func `a consumer in groups of its class without a channel layer is refused with 500`() async {
        let script = await member([:])
        await script.begin()
        #expect(script.lines == ["deny 500", "disconnect", "ended"] || script.lines == ["deny 500"])
        #expect(
            script.log.lines.contains {
                $0.contains("There is no channel layer named 'default'. Give the site its channelLayers.")
            })
    }

    @Test func `a consumer uses the layer that its alias names (channel_layer_alias)`() async throws {
        final class Worker: WebSocketConsumer {
            override var channelLayerAlias: String { "jobs" }
            override var groups: [String] { ["news"] }
            override func connect() async throws {
                on("news") { _ in self.send(text: "news") }
                try await channelLayer.send(channelName, ["type": "news"])
                accept()
            }
        }
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "jobs": InMemoryChannelLayer()]
        let script = await ConsumerScript(layers: layers) { _ in Worker() }
        await script.begin()
        try await layers.layer("jobs").groupSend("news", ["type": "news"])
        try await script.send(["type": "news"], to: "news")
        await script.step { _ in }
        #expect(script.lines == ["accept", "send news", "send news"])
    }

    @Test func `a group is in the layer that it names`() async throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "prices": InMemoryChannelLayer()]
        let group = Group<Event>("room", layer: "prices")
        let script = await forwarder(group, layers: layers)
        try await script.send(.said(text: "another layer's"), to: Self.room)
        try await script.send(.said(text: "hi"), to: group)
        #expect(script.lines == ["connect", "accept", #"forward {"type":"said","text":"hi"}"#])
        await #expect(throws: LayerError.noLayer("none", known: ["default", "prices"])) {
            try await layers.asCurrent { try await Group<Event>("room", layer: "none").send(.said(text: "hi")) }
        }
    }

    @Test func `a consumer finds its layers wherever it runs, and each test has its own`() async throws {
        let (one, two) = (await forwarder(), await forwarder())
        try await one.send(.said(text: "one"), to: Self.room)
        #expect(one.lines.count == 3 && two.lines.count == 2)
    }

    @Test func `a name that is not valid refuses the handshake with 500`() async {
        let script = await forwarder(Group<Event>("not valid"))
        #expect(script.lines == ["connect", "deny 500"])
        #expect(script.log.lines.contains { $0.contains("The group name 'not valid' is not valid.") })
    }

    // MARK: Slow consumers

    private func slow(_ policy: SlowConsumerPolicy, events: Int) async -> (ConsumerScript, Group<Event>) {
        let group = Group<Event>("room", whenBehind: policy)
        var limits = ConsumerLimits()
        let price = try? LayerMessage(encoding: Event.price(symbol: "AA", value: 1))
        limits.events = events * (128 + (price?.cost ?? 0))
        let script = await forwarder(group, limits: limits)
        _ = await script.onSession { _, transport in
            transport.isBehind = true
            transport.isDrained = false
        }
        return (script, group)
    }

    private func prices(_ script: ConsumerScript) -> [String] {
        script.lines.filter { $0.hasPrefix("forward") }.map {
            String($0.dropFirst(#"forward {"type":"price","symbol":""#.count).dropLast())
                .replacing(#"","value":"#, with: " ")
        }
    }

    @Test func `events wait for a peer that is behind, and go out in order once it has caught up`() async throws {
        let (script, group) = await slow(.disconnect, events: 3)
        for value in 1...3 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        #expect(prices(script) == [])
        await script.drains()
        #expect(prices(script) == ["AA 1", "AA 2", "AA 3"])
        #expect(script.counters.droppedEvents == 0)
    }

    @Test func `a member that is too slow is disconnected where its group says so`() async throws {
        let (script, group) = await slow(.disconnect, events: 3)
        for value in 1...4 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        #expect(script.lines.last == "overflow")
    }

    @Test func `a member that is too slow misses the oldest events where its group says so`() async throws {
        let (script, group) = await slow(.dropOldest, events: 3)
        for value in 1...9 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        await script.drains()
        #expect(prices(script) == ["AA 7", "AA 8", "AA 9"])
        #expect(script.counters.droppedEvents == 6)
    }

    @Test func `a member that is too slow misses the newest events where its group says so`() async throws {
        let (script, group) = await slow(.dropNewest, events: 3)
        for value in 1...9 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        await script.drains()
        #expect(prices(script) == ["AA 1", "AA 2", "AA 3"])
        #expect(script.counters.droppedEvents == 6)
    }

    @Test func `of each key the latest event waits where the group says so`() async throws {
        let (script, group) = await slow(.keepLatest(by: "symbol"), events: 2)
        for (symbol, value) in [("AA", 1), ("BB", 2), ("AA", 3), ("BB", 4), ("AA", 5)] {
            try await script.send(.price(symbol: symbol, value: value), to: group)
        }
        #expect(script.counters.droppedEvents == 3)
        // A third key takes the room of what waited longest.
        try await script.send(.price(symbol: "CC", value: 6), to: group)
        await script.drains()
        #expect(prices(script) == ["BB 4", "CC 6"])
        #expect(script.counters.droppedEvents == 4)
        // What was sent on is not waited for any more.
        try await script.send(.price(symbol: "CC", value: 7), to: group)
        #expect(prices(script).last == "CC 7")
    }

    @Test func `an event that waited for too long is dropped and counted`() async throws {
        let clock = ManualClock()
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(expiry: .seconds(10), clock: clock)]
        let script = await forwarder(clock: clock, layers: layers)
        _ = await script.onSession { _, transport in
            transport.isBehind = true
            transport.isDrained = false
        }
        try await script.send(.said(text: "old"), to: Self.room)
        await script.advance(.seconds(11))
        try await script.send(.said(text: "new"), to: Self.room)
        await script.drains()
        #expect(script.lines.last == #"forward {"type":"said","text":"new"}"#)
        #expect(script.counters.droppedEvents == 1)
    }
}
