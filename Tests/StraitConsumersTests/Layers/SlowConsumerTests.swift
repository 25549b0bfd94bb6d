import StraitCore
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

@testable import StraitConsumers

@Suite struct SlowConsumers {
    private func slow(_ policy: SlowConsumerPolicy, events: Int) async -> (ConsumerScript, Group<RoomEvent>) {
        let group = Group<RoomEvent>("room", whenBehind: policy)
        let script = await RoomScript.forwarder(group, limits: RoomScript.limits(events: events))
        await RoomScript.fallBehind(script)
        return (script, group)
    }

    private func prices(_ script: ConsumerScript) -> [String] {
        script.lines.filter { $0.hasPrefix("forward") }.map {
            String($0.dropFirst(#"forward {"type":"price","symbol":""#.count).dropLast())
                .replacing(#"","value":"#, with: " ")
        }
    }

    /// Starts a consumer whose peer falls behind while a handler runs. An event and `messages` arrive meanwhile.
    private func behindMeanwhile(_ messages: [String]) async throws -> ConsumerScript {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, text in
                if text == "slow" { try await consumer.clock.sleep(for: .seconds(1)) }
            }
        }
        await script.begin()
        // Several wakes, so that the driver is kept.
        for text in ["a", "b", "c", "slow"] { await script.deliver(text) }
        try await script.send(.said(text: "event"), to: RoomScript.room)
        _ = await script.onSession { _, transport in
            transport.isBehind = true
            transport.isDrained = false
        }
        await script.step { for text in messages { $0.deliverNow(text) } }
        await script.advance(.seconds(1))
        return script
    }

    @Test func `an event that could not be forwarded is sent when the peer catches up`() async throws {
        let script = try await behindMeanwhile([])
        #expect(script.lines.last == "receive slow")
        await script.drains()
        #expect(script.lines.last == #"forward {"type":"said","text":"event"}"#)
    }

    @Test func `messages queued behind an event are not lost while the peer is behind`() async throws {
        let script = try await behindMeanwhile(["one", "two"])
        // Longer than an idle driver is kept.
        await script.advance(.seconds(20))
        #expect(script.lines.last == "receive slow")
        await script.drains()
        #expect(
            script.lines.suffix(3) == [#"forward {"type":"said","text":"event"}"#, "receive one", "receive two"])
    }

    @Test func `a paused transport resumes when the peer catches up`() async throws {
        let script = try await behindMeanwhile([String(repeating: "x", count: 70_000)])
        #expect(script.lines.last == "pause")
        await script.advance(.seconds(20))
        await script.drains()
        #expect(script.lines.last == "resume")
    }

    @Test func `WebSocket messages for a channel wait for the acceptance and for a slow peer, like group events`()
        async throws
    {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                try await consumer.channelLayer.groupAdd("room", consumer.channelName)
                consumer.start { _ in
                    try await consumer.clock.sleep(for: .seconds(1))
                    consumer.accept()
                }
            }
        }
        await script.begin()
        try await script.send(["type": "websocket.send", "text": "early"], to: "room")
        #expect(script.lines == ["connect"])
        await script.advance(.seconds(1))
        #expect(script.lines == ["connect", "accept", "forward early"])
        _ = await script.onSession { _, transport in
            transport.isBehind = true
            transport.isDrained = false
        }
        try await script.send(["type": "websocket.send", "text": "late"], to: "room")
        #expect(script.lines.last == "forward early")
        await script.drains()
        #expect(script.lines.last == "forward late")
    }

    @Test func `a closing socket receives no more events from its groups`() async throws {
        let script = await RoomScript.forwarder()
        _ = await script.onSession { session, _ in session.setOpen(false) }
        #expect(try RoomScript.memberCount(script, "room") == 0)
        try await script.send(.said(text: "late"), to: RoomScript.room)
        #expect(script.lines == ["connect", "accept"])
    }

    @Test func `leaving a group makes room for the events of the next one`() async throws {
        let next = Group<RoomEvent>("next")
        let script = await ConsumerScript(limits: RoomScript.limits(events: 3)) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.clock.sleep(for: .seconds(1))
                try await consumer.leave(RoomScript.room)
                try await consumer.join(next)
                try await consumer.clock.sleep(for: .seconds(1))
            }
        }
        await script.begin()
        await script.deliver("switch")
        for value in 1...3 { try await script.send(.price(symbol: "AA", value: value), to: RoomScript.room) }
        await script.advance(.seconds(1))
        for value in 4...6 { try await script.send(.price(symbol: "AA", value: value), to: next) }
        await script.advance(.seconds(1))
        #expect(prices(script) == ["AA 4", "AA 5", "AA 6"])
    }

    @Test func `droppable events make room for those of a group that must not lose any`() async throws {
        let script = await ConsumerScript(limits: RoomScript.limits(events: 3)) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(Group<RoomEvent>("prices", whenBehind: .dropOldest))
                try await consumer.join(RoomScript.room)
                consumer.accept()
            }
        }
        await script.begin()
        await RoomScript.fallBehind(script)
        for value in 1...3 { try await script.send(.price(symbol: "AA", value: value), to: Group<RoomEvent>("prices")) }
        for value in 4...5 { try await script.send(.price(symbol: "BB", value: value), to: RoomScript.room) }
        #expect(script.counters.droppedEvents == 2)
        await script.drains()
        #expect(prices(script) == ["AA 3", "BB 4", "BB 5"])
    }

    @Test func `joining again with another policy applies the new policy`() async throws {
        let script = await ConsumerScript(limits: RoomScript.limits(events: 1)) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.channelLayer.groupAdd("room", consumer.channelName)
                try await consumer.join(Group<RoomEvent>("room", whenBehind: .dropNewest))
                consumer.accept()
            }
        }
        await script.begin()
        await RoomScript.fallBehind(script)
        for value in 1...3 { try await script.send(.price(symbol: "AA", value: value), to: RoomScript.room) }
        await script.drains()
        #expect(prices(script) == ["AA 1"])
    }

    @Test func `with keepLatest, a replacement that is larger drops other events to make room`() async throws {
        let group = Group<RoomEvent>("room", whenBehind: .keepLatest(by: "type"))
        let script = await RoomScript.forwarder(group, limits: RoomScript.limits(events: 4))
        await RoomScript.fallBehind(script)
        try await script.send(.said(text: "x"), to: group)
        try await script.send(.price(symbol: "AA", value: 1), to: group)
        try await script.send(.said(text: String(repeating: "x", count: 2000)), to: group)
        #expect(script.counters.droppedEvents == 2)
        await script.drains()
        #expect(prices(script).count == 1)
    }

    @Test func `an expired event of a group that must not lose any disconnects the consumer`() async throws {
        let clock = ManualClock()
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(expiry: .seconds(10), clock: clock)]
        let script = await RoomScript.forwarder(clock: clock, layers: layers)
        await RoomScript.fallBehind(script)
        try await script.send(.said(text: "old"), to: RoomScript.room)
        await script.advance(.seconds(11))
        await script.drains()
        #expect(script.lines.last == "overflow")
        #expect(script.counters.droppedEvents == 1)
    }

    @Test func `a queue that drops events as fast as they arrive stays small and fast`() async throws {
        let loop = EventLoopGroup(count: 1, time: ManualTime())
        defer { loop.stop() }
        await loop.loops[0].perform {
            final class Member: GroupMember {
                func deliver(_ batch: EventBatch, _ membership: Membership) {}
            }
            let (table, member) = (GroupTable(), Member())
            let news = table.join("news", member, on: loop.loops[0], policy: .disconnect)
            let prices = table.join("prices", member, on: loop.loops[0], policy: .keepLatest(by: "symbol"))
            var queue = EventQueue(limit: 20_000)
            let event = { (message: LayerMessage) in LayerEvent(message, expires: Instant(nanoseconds: .max)) }
            _ = queue.append(event(["type": "news"]), news, position: 0)
            var dropped = 0
            for number in 0..<200_000 {
                let price = event(["type": "price", "symbol": .int(number % 1000), "n": .int(number)])
                if case .queued(let count) = queue.append(price, prices, position: 0) { dropped += count }
            }
            #expect(queue.count + dropped == 200_001 && queue.bytes <= 20_000)
            // The latest event of each symbol that is still queued, in order, after the event that must not be dropped.
            var numbers: [Int] = []
            while let entry = queue.removeFirst() { numbers.append(entry.event.message["n"]?.int ?? -1) }
            #expect(numbers.first == -1 && numbers.last == 199_999)
            #expect(numbers == numbers.sorted())
            for membership in [news, prices] { membership.leave() }
            withExtendedLifetime(member) {}
        }
    }

    @Test func `events wait for a slow peer and are sent in order when it catches up`() async throws {
        let (script, group) = await slow(.disconnect, events: 3)
        for value in 1...3 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        #expect(prices(script) == [])
        await script.drains()
        #expect(prices(script) == ["AA 1", "AA 2", "AA 3"])
        #expect(script.counters.droppedEvents == 0)
    }

    @Test func `a slow member is disconnected if the group's policy is disconnect`() async throws {
        let (script, group) = await slow(.disconnect, events: 3)
        for value in 1...4 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        #expect(script.lines.last == "overflow")
    }

    @Test func `a slow member loses the oldest events if the group's policy is dropOldest`() async throws {
        let (script, group) = await slow(.dropOldest, events: 3)
        for value in 1...9 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        await script.drains()
        #expect(prices(script) == ["AA 7", "AA 8", "AA 9"])
        #expect(script.counters.droppedEvents == 6)
    }

    @Test func `a slow member loses the newest events if the group's policy is dropNewest`() async throws {
        let (script, group) = await slow(.dropNewest, events: 3)
        for value in 1...9 { try await script.send(.price(symbol: "AA", value: value), to: group) }
        await script.drains()
        #expect(prices(script) == ["AA 1", "AA 2", "AA 3"])
        #expect(script.counters.droppedEvents == 6)
    }

    @Test func `only the latest event of each key is queued if the group's policy is keepLatest`() async throws {
        let (script, group) = await slow(.keepLatest(by: "symbol"), events: 2)
        for (symbol, value) in [("AA", 1), ("BB", 2), ("AA", 3), ("BB", 4), ("AA", 5)] {
            try await script.send(.price(symbol: symbol, value: value), to: group)
        }
        #expect(script.counters.droppedEvents == 3)
        // A third key replaces the event that waited longest.
        try await script.send(.price(symbol: "CC", value: 6), to: group)
        await script.drains()
        #expect(prices(script) == ["BB 4", "CC 6"])
        #expect(script.counters.droppedEvents == 4)
        // After the queued events are sent, a new one is forwarded at once.
        try await script.send(.price(symbol: "CC", value: 7), to: group)
        #expect(prices(script).last == "CC 7")
    }

    @Test func `an expired event is dropped and counted`() async throws {
        let clock = ManualClock()
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(expiry: .seconds(10), clock: clock)]
        let group = Group<RoomEvent>("room", whenBehind: .dropOldest)
        let script = await RoomScript.forwarder(group, clock: clock, layers: layers)
        await RoomScript.fallBehind(script)
        try await script.send(.said(text: "old"), to: group)
        await script.advance(.seconds(11))
        try await script.send(.said(text: "new"), to: group)
        await script.drains()
        #expect(script.lines.last == #"forward {"type":"said","text":"new"}"#)
        #expect(script.counters.droppedEvents == 1)
    }
}
