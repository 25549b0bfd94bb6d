import StraitConsumers
import StraitCore
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct GroupEvents {
    // MARK: Joining

    @Test func `a consumer that joined a group forwards its events as JSON`() async throws {
        let script = await RoomScript.forwarder()
        try await script.send(.said(text: "hi \"Ann\""), to: RoomScript.room)
        #expect(script.lines == ["connect", "accept", #"forward {"type":"said","text":"hi \"Ann\""}"#])
        #expect(script.counters.droppedEvents == 0)
    }

    @Test func `a consumer can handle a group's events itself`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room) { _, event in
                    if case .said(let text) = event { consumer.send(text: text.uppercased()) }
                }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(.said(text: "hi"), to: RoomScript.room)
        // An untyped message, such as one from another process, is decoded.
        try await script.send(["type": "said", "text": "ho"], to: "room")
        #expect(script.lines == ["connect", "accept", "send HI", "send HO"])
    }

    @Test func `an event that cannot be decoded is logged and counted, and later events are handled`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room) { _, _ in consumer.send(text: "handled") }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(["type": "shouted", "text": "ho"], to: "room")
        try await script.send(.said(text: "hi"), to: RoomScript.room)
        #expect(script.lines == ["connect", "accept", "send handled"])
        #expect(script.counters.ignoredEvents == 1)
        #expect(script.log.lines.contains { $0.contains("shouted message with type, text") })
    }

    @Test func `joining a group again replaces the handling of its events`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                try await consumer.join(RoomScript.room) { _, _ in consumer.send(text: "handled") }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(.said(text: "hi"), to: RoomScript.room)
        #expect(script.lines == ["connect", "accept", "send handled"])
        #expect(try RoomScript.memberCount(script, "room") == 1)
    }

    @Test func `WebSocket messages sent to a group are forwarded unchanged`() async throws {
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

    @Test func `a sender can exclude itself from an event`() async throws {
        let layers = ChannelLayers()
        let other = await RoomScript.forwarder(layers: layers)
        let script = await ConsumerScript(layers: layers) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, text in
                try await consumer.groupSend(RoomScript.room, .said(text: text), except: consumer)
                try await consumer.groupSend(RoomScript.room, .said(text: "to all"))
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

    @Test func `an event waits for the running handler and for messages that arrived before it`()
        async throws
    {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, text in
                if text == "slow" { try await consumer.clock.sleep(for: .seconds(1)) }
                consumer.send(text: "done \(text)")
            }
        }
        await script.begin()
        await script.deliver("slow", "second")
        try await script.send(.said(text: "event"), to: RoomScript.room)
        await script.deliver("third")
        #expect(script.lines == ["connect", "accept", "receive slow"])
        await script.advance(.seconds(1))
        #expect(
            script.lines.dropFirst(3) == [
                "send done slow", "receive second", "send done second", #"forward {"type":"said","text":"event"}"#,
                "receive third", "send done third",
            ])
    }

    @Test func `events that arrive before the handshake is accepted are forwarded afterwards`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.start { _ in
                    try await consumer.clock.sleep(for: .seconds(1))
                    consumer.accept()
                }
            }
        }
        await script.begin()
        try await script.send(.said(text: "early"), to: RoomScript.room)
        #expect(script.lines == ["connect"])
        await script.advance(.seconds(1))
        #expect(script.lines == ["connect", "accept", #"forward {"type":"said","text":"early"}"#])
    }

    @Test func `after leave(), neither queued nor later events of the group are handled`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.clock.sleep(for: .seconds(1))
                try await consumer.leave(RoomScript.room)
            }
        }
        await script.begin()
        await script.deliver("leave")
        try await script.send(.said(text: "late"), to: RoomScript.room)
        await script.advance(.seconds(1))
        try await script.send(.said(text: "later"), to: RoomScript.room)
        #expect(script.lines == ["connect", "accept", "receive leave"])
        #expect(try RoomScript.memberCount(script, "room") == 0)
    }

    // MARK: The end

    @Test func `a consumer's groups are joined before connect() and left before disconnect()`() async throws {
        let script = await RoomScript.member()
        try await script.send(["type": "chat.message", "text": "nobody yet"], to: "chat")
        await script.begin()
        #expect(try RoomScript.memberCount(script, "chat") == 1)
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
        #expect(try RoomScript.memberCount(script, "chat") == 0)
    }

    @Test(arguments: [true, false])
    func `events queued before a close are forwarded, and those before a loss are dropped and counted`(isLoss: Bool)
        async throws
    {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in try await consumer.clock.sleep(for: .seconds(1)) }
        }
        await script.begin()
        await script.deliver("slow")
        try await script.send(.said(text: "late"), to: RoomScript.room)
        if isLoss { await script.loses() } else { await script.closes() }
        try await script.send(.said(text: "later"), to: RoomScript.room)
        await script.advance(.seconds(1))
        let forwarded = isLoss ? [] : [#"forward {"type":"said","text":"late"}"#]
        #expect(script.lines.prefix(3) == ["connect", "accept", "receive slow"])
        #expect(script.lines.dropFirst(3).dropLast(2) == forwarded[...])
        #expect(script.counters.droppedEvents == 1)
        #expect(try RoomScript.memberCount(script, "room") == 0)
    }

    @Test func `a consumer that closes receives no more events from its groups`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room) { _, _ in consumer.send(text: "handled") }
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in consumer.close() }
        }
        await script.begin()
        await script.deliver("close")
        #expect(try RoomScript.memberCount(script, "room") == 0)
        try await script.send(.said(text: "late"), to: RoomScript.room)
        #expect(script.lines == ["connect", "accept", "receive close", "close 1000"])
    }

    @Test func `if an event handler throws, the WebSocket is closed with 1011`() async throws {
        struct Oops: Error {}
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room) { _, _ in throw Oops() }
                consumer.accept()
            }
        }
        await script.begin()
        try await script.send(.said(text: "hi"), to: RoomScript.room)
        #expect(script.lines.last == "close 1011 The server had an error.")
    }

    // MARK: Layers

    @Test func `a consumer with groups but without a channel layer rejects the handshake with 500`() async {
        let script = await RoomScript.member([:])
        await script.begin()
        #expect(script.lines == ["deny 500", "disconnect", "ended"] || script.lines == ["deny 500"])
        #expect(
            script.log.lines.contains {
                $0.contains("There is no channel layer named 'default'. Set the site's channelLayers.")
            })
    }

    @Test func `a consumer uses the layer that channelLayerAlias names (channel_layer_alias)`() async throws {
        final class Worker: WebSocketConsumer {
            override var channelLayerAlias: String { "jobs" }
            override var groups: [String] { ["news"] }
            override func connect() async throws {
                on("news") { socket, _ in socket.send(text: "news") }
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

    @Test func `a group uses the layer that it names`() async throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "prices": InMemoryChannelLayer()]
        let group = Group<RoomEvent>("room", layer: "prices")
        let script = await RoomScript.forwarder(group, layers: layers)
        try await script.send(.said(text: "another layer's"), to: RoomScript.room)
        try await script.send(.said(text: "hi"), to: group)
        #expect(script.lines == ["connect", "accept", #"forward {"type":"said","text":"hi"}"#])
        await #expect(throws: LayerError.noLayer("none", known: ["default", "prices"])) {
            try await layers.groupSend(Group<RoomEvent>("room", layer: "none"), .said(text: "hi"))
        }
    }

    @Test func `consumers with separate channel layers do not receive each other's events`() async throws {
        let (one, two) = (await RoomScript.forwarder(), await RoomScript.forwarder())
        try await one.send(.said(text: "one"), to: RoomScript.room)
        #expect(one.lines.count == 3 && two.lines.count == 2)
    }

    @Test func `joining a group with an invalid name in connect() rejects the handshake with 400`() async {
        let script = await RoomScript.forwarder(Group<RoomEvent>("not valid"))
        #expect(script.lines == ["connect", "deny 400"])
        #expect(script.log.lines.contains { $0.contains("The group name 'not valid' is not valid.") })
    }
}
