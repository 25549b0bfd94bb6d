import StraitCore
import Testing

@testable import StraitLayers

@Suite struct InMemoryLayers {
    private let time = ManualTime()
    private let layer: InMemoryChannelLayer

    init() {
        layer = InMemoryChannelLayer(capacity: 3, expiry: .seconds(10), groupExpiry: .seconds(100), time: time)
    }

    private func pass(_ duration: Duration) { time.move(to: time.now.advanced(by: duration)) }

    @Test func `a sent message is received, and the empty queue is removed`() async throws {
        try await layer.send("test-channel", ["type": "test.message", "text": "Ahoy-hoy!"])
        #expect(layer.channelCount == 1)
        #expect(try await layer.receive("test-channel") == ["type": "test.message", "text": "Ahoy-hoy!"])
        #expect(layer.channelCount == 0)
    }

    @Test func `closing ends all waits for messages, and the layer can be used again`() async throws {
        let layer = layer
        let waits = (0..<3).map { number in Task { try await layer.receive("work\(number % 2)") } }
        while layer.channelCount < 2 { await Task.yield() }
        await layer.close()
        for wait in waits {
            let error = await #expect(throws: LayerError.self) { try await wait.value }
            guard case .unavailable = error else { throw try #require(error) }
        }
        #expect(layer.channelCount == 0)
        try await layer.send("work", ["number": 1])
        #expect(try await layer.receive("work") == ["number": 1])
    }

    @Test func `messages on one channel keep their order`() async throws {
        let channel = try await layer.newChannel()
        for number in 0..<3 { try await layer.send(channel, ["number": .int(number)]) }
        for number in 0..<3 { #expect(try await layer.receive(channel)["number"]?.int == number) }
    }

    @Test func `a full channel rejects new messages and keeps the queued ones`() async throws {
        for number in 0..<3 { try await layer.send("work", ["number": .int(number)]) }
        await #expect(throws: LayerError.channelFull("work")) { try await layer.send("work", ["number": 3]) }
        #expect(layer.counters.droppedFull == 1)
        for number in 0..<3 { #expect(try await layer.receive("work")["number"]?.int == number) }
    }

    @Test func `a group message skips a member whose channel is full, without an error`() async throws {
        let (full, other) = (try await layer.newChannel(), try await layer.newChannel())
        try await layer.groupAdd("group", full)
        for _ in 0..<5 { try await layer.groupSend("group", ["n": 1]) }
        #expect(layer.counters.droppedFull == 2)
        try await layer.groupAdd("group", other)
        try await layer.groupSend("group", ["n": 2])
        #expect(try await layer.receive(other) == ["n": 2])
    }

    @Test func `a group's message reaches its members only`() async throws {
        var channels: [String] = []
        for _ in 0..<3 { channels.append(try await layer.newChannel()) }
        for channel in channels { try await layer.groupAdd("group", channel) }
        try await layer.groupDiscard("group", channels[1])
        try await layer.groupSend("group", ["type": "message.1"])
        #expect(try await layer.receive(channels[0]) == ["type": "message.1"])
        #expect(try await layer.receive(channels[2]) == ["type": "message.1"])
        #expect(layer.channelCount == 0)
        for channel in channels { try await layer.groupDiscard("group", channel) }
        #expect(layer.groups.count == 0)
    }

    @Test func `an expired message is dropped and counted, and its channel stays in its groups`()
        async throws
    {
        let channel = try await layer.newChannel()
        try await layer.groupAdd("group", channel)
        try await layer.groupSend("group", ["n": 1])
        pass(.seconds(11))
        try await layer.groupSend("group", ["n": 2])
        #expect(try await layer.receive(channel) == ["n": 2])
        #expect(layer.counters.droppedExpired == 1)
    }

    @Test func `expired messages on channels without a receiver are removed`() async throws {
        for channel in ["one", "two"] { try await layer.send(channel, ["n": 1]) }
        pass(.seconds(11))
        try await layer.send("three", ["n": 2])
        #expect(layer.channelCount == 1)
        #expect(layer.counters.droppedExpired == 2)
    }

    @Test func `a channel's group membership expires unless it is renewed`() async throws {
        let (old, renewed) = (try await layer.newChannel(), try await layer.newChannel())
        try await layer.groupAdd("group", old)
        try await layer.groupAdd("group", renewed)
        pass(.seconds(60))
        try await layer.groupAdd("group", renewed)
        pass(.seconds(60))
        try await layer.groupSend("group", ["n": 1])
        #expect(try await layer.receive(renewed) == ["n": 1])
        #expect(layer.channelCount == 0)
    }

    @Test func `receivers wait for messages, and each message reaches exactly one of them`() async throws {
        let layer = layer
        let received = await withTaskGroup(of: Int?.self) { tasks in
            for _ in 0..<3 { tasks.addTask { try? await layer.receive("work")["n"]?.int } }
            for number in 0..<3 {
                // The channel queues the message if no receiver waits yet.
                try? await layer.send("work", ["n": .int(number)])
            }
            return await tasks.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(received == [0, 1, 2])
    }

    @Test func `cancelling a receiver loses no message`() async throws {
        let layer = layer
        let waiting = Task { try await layer.receive("work") }
        while layer.channelCount == 0 { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(layer.channelCount == 0)
        try await layer.send("work", ["n": 1])
        #expect(try await layer.receive("work") == ["n": 1])
    }

    @Test func `a waiting receiver gets a message that is sent after a flush (race_empty)`()
        async throws
    {
        let layer = layer
        let waiting = Task { try await layer.receive("work") }
        while layer.channelCount == 0 { await Task.yield() }
        try await layer.flush()
        try await layer.send("work", ["n": 1])
        #expect(try await waiting.value == ["n": 1])
        #expect(layer.channelCount == 0)
    }

    @Test func `invalid channel and group names are rejected`() async throws {
        await #expect(throws: LayerError.invalidChannelName("¯\\_(ツ)_/¯")) {
            try await layer.send("¯\\_(ツ)_/¯", [:])
        }
        await #expect(throws: LayerError.invalidChannelName("a b")) { try await layer.receive("a b") }
        await #expect(throws: LayerError.invalidGroupName("a!b")) { try await layer.groupSend("a!b", [:]) }
        await #expect(throws: LayerError.invalidGroupName("")) { try await layer.groupAdd("", "chat") }
        await #expect(throws: LayerError.invalidChannelName("")) { try await layer.groupDiscard("chat", "") }
        let long = String(repeating: "p", count: 80)
        await #expect(throws: LayerError.invalidChannelName(long)) { try await layer.newChannel(prefix: long) }
    }

    @Test func `withEvents(of:) delivers a group's typed events and leaves the group when its body returns or throws`()
        async throws
    {
        struct Stop: Error {}
        enum Event: Codable, Equatable, Sendable {
            case said(text: String)
            case last
        }
        let layers: ChannelLayers = ["default": layer]
        let group = Group<Event>("group")
        try await layers.groupSend(group, .said(text: "before"))
        let all = try await layers.withEvents(of: group) { events in
            try await layers.groupSend(group, .said(text: "hi"))
            try await layers.getChannelLayer().groupSend("group", ["type": "unknown"])
            try await layers.groupSend(group, .last)
            var all: [Event] = []
            for try await event in events {
                all.append(event)
                if event == .last { break }
            }
            return all
        }
        #expect(all == [.said(text: "hi"), .last])
        await #expect(throws: Stop.self) { try await layers.withEvents(of: group) { _ in throw Stop() } }
        try await layers.withEvents(of: group) { events in
            // Unlike other memberships, this one does not have to be renewed.
            pass(.seconds(200))
            try await layers.groupSend(group, .last)
            #expect(try await events.next() == .last)
        }
        #expect(layer.counters.skipped == 1)
        #expect(layer.groups.count == 0 && layer.channelCount == 0)
    }

    @Test func `a flush removes messages and groups`() async throws {
        let channel = try await layer.newChannel()
        try await layer.groupAdd("group", channel)
        try await layer.groupSend("group", [:])
        try await layer.flush()
        #expect(layer.channelCount == 0 && layer.groups.count == 0)
    }
}
