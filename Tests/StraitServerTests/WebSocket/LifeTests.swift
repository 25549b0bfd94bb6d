import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// A consumer's life is connect, every message and disconnect, in order, each to completion. Only a lost connection
/// ends it early.
@Suite struct Lives {
    private let script = ServerScript()
    private let room = Group<Message>("room")
    private let people = Presence<String>("room")

    /// A consumer that records the room's messages and the members that leave it.
    private func listener() -> Probe {
        let (room, people) = (room, people)
        return Probe(
            script.journal,
            connect: { probe in
                try await probe.join(room) { _, message in probe.note("heard \(message.text ?? "")") }
                try await probe.follow(people) { _, change in
                    guard case .diff(let diff) = change else { return }
                    for key in diff.leaves.keys { probe.note("left \(key)") }
                }
                probe.accept()
            })
    }

    @Test func `a message and a close in the handshake's segment are handled and answered in order`() async throws {
        try script.serveSocket()
        let client = await script.connect()
        await client.send(Array(Socket.request().utf8) + Socket.text("hi") + Socket.close(1000))
        #expect(Socket(client).frames == ["text hi", "close 1000"])
        #expect(script.lines == ["connect", "receive hi", "disconnect 1000"])
        #expect(client.end == .finished)
    }

    @Test func `our close frame is sent after the replies to earlier messages`() async throws {
        try script.serveSocket(receive: { probe, message in
            try await probe.clock.sleep(for: .seconds(1))
            probe.send(message)
        })
        let socket = await Socket.open(script)
        await socket.send(Socket.text("one") + Socket.text("two") + Socket.close(4001, "bye"))
        #expect(socket.frames == [])
        await script.advance(.seconds(1))
        #expect(socket.frames == ["text one"])
        await script.advance(.seconds(1))
        #expect(socket.frames == ["text one", "text two", "close 4001"])
        #expect(script.lines == ["connect", "receive one", "receive two", "disconnect 4001 bye"])
    }

    @Test func `slow handlers do not delay our close frame past the timeout, and run to completion`() async throws {
        try script.serveSocket(receive: { probe, _ in
            try await probe.clock.sleep(for: .seconds(6))
            probe.note("\(probe.send(text: "late"))")
        })
        let socket = await Socket.open(script)
        await socket.send(Socket.text("one") + Socket.close(1000))
        await script.advance(.milliseconds(4_999))
        #expect(socket.frames == [])
        await script.advance(.milliseconds(1))
        #expect(socket.frames == ["close 1000"])
        await script.advance(.seconds(1))
        #expect(script.lines == ["connect", "receive one", "dropped", "disconnect 1000"])
    }

    @Test func `a close does not end connect() early, which can still join and track`() async throws {
        let gate = script.gate()
        let (room, people) = (room, people)
        try script.serveSocket(connect: { probe in
            probe.accept()
            await gate.wait()
            try await probe.join(room)
            try await probe.track(people, as: "ann", "here")
            try await probe.follow(people) { _, _ in }
            probe.note("connected")
        })
        let client = await script.connect()
        await client.send(Array(Socket.request().utf8) + Socket.text("hi") + Socket.close(1000))
        #expect(script.lines == ["connect"])
        await gate.open()
        await script.idle()
        #expect(script.lines == ["connect", "connected", "receive hi", "disconnect 1000"])
        #expect(Socket(client).frames == ["text hi", "close 1000"])
    }

    @Test func `a consumer whose connect() fails after accept() receives no messages`() async throws {
        let gate = script.gate()
        try script.serveSocket(connect: { probe in
            probe.accept()
            await gate.wait()
            throw CancellationError()
        })
        let client = await script.connect()
        await client.send(Array(Socket.request().utf8) + Socket.text("one") + Socket.text("two") + Socket.close(1000))
        await gate.open()
        await script.idle()
        #expect(script.lines == ["connect", "disconnect 1000"])
        #expect(script.server.counters.consumers.droppedInbound == 2)
    }

    @Test func `messages before a protocol error are handled, then the reason is sent (RFC 6455 §7.1.7)`()
        async throws
    {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.send(Socket.text("one") + Socket.text("two") + Socket.frame(.text, [0xFF]))
        #expect(socket.frames == ["text one", "text two", "close 1007 text is not UTF-8"])
        #expect(script.lines == ["connect", "receive one", "receive two", "disconnect 1006 text is not UTF-8 unclean"])
    }

    @Test func `all messages of a client that closes and disconnects are handled, however many wait`() async throws {
        let gate = script.gate()
        try script.serveSocket(
            configure: { $0.consumers.mailbox = 200 },
            receive: { _, _ in await gate.wait() })
        let socket = await Socket.open(script)
        let texts = (0..<40).map { "message \($0)" }
        for text in texts { await socket.send(text) }
        await socket.close(1000)
        await socket.client.finish()
        await gate.open()
        await script.idle()
        #expect(script.lines == ["connect"] + texts.map { "receive \($0)" } + ["disconnect 1000"])
        #expect(script.server.counters.consumers.droppedInbound == 0)
    }

    @Test func `a client that closes and disconnects before the handshake is decided is handled fully`()
        async throws
    {
        let gate = script.gate()
        try script.serveSocket(connect: { probe in
            await gate.wait()
            probe.accept()
        })
        let client = await script.connect()
        await client.send(Array(Socket.request().utf8) + Socket.text("hi") + Socket.close(1000))
        await client.finish()
        await gate.open()
        await script.idle()
        #expect(script.lines == ["connect", "receive hi", "disconnect 1000"])
        #expect(Socket(client).frames == ["text hi", "close 1000"])
    }

    @Test func `messages of a client whose connection is reset after its close frame are handled`() async throws {
        let gate = script.gate()
        try script.serveSocket(
            configure: { $0.consumers.mailbox = 200 },
            receive: { _, _ in await gate.wait() })
        let socket = await Socket.open(script)
        let texts = (0..<10).map { "message \($0)" }
        await socket.send(texts.flatMap { Socket.text($0) } + Socket.close(1000))
        await socket.client.abort()
        await gate.open()
        await script.idle()
        #expect(script.lines == ["connect"] + texts.map { "receive \($0)" } + ["disconnect 1000"])
    }

    @Test func `a client that disconnects while its consumer is stuck is lost after the time limit`() async throws {
        try script.serveSocket(
            configure: { $0.consumers.mailbox = 200 },
            receive: { probe, _ in
                do { try await probe.clock.sleep(for: .seconds(3600)) } catch { probe.note("\(error)") }
            })
        let socket = await Socket.open(script)
        for index in 0..<40 { await socket.send("message \(index)") }
        await socket.client.finish()
        await script.advance(.seconds(9))
        #expect(script.lines == ["connect", "receive message 0"])
        await script.advance(.seconds(1))
        #expect(script.lines.last == "disconnect 1006 The peer went away. unclean")
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a busy consumer that closes leaves its groups without waiting for the client's close`()
        async throws
    {
        let room = room
        try script.serveSocket(
            connect: { probe in
                try await probe.join(room)
                probe.accept()
            }, receive: { probe, message in if message.text == "close" { probe.close() } })
        let socket = await Socket.open(script)
        for _ in 0..<5 { await socket.send("busy") }
        await socket.send("close")
        let layer = try #require(try script.layers.layer() as? InMemoryChannelLayer)
        #expect(layer.groups.memberCount(of: "room") == 0)
    }

    @Test func `a raw consumer ends even if its queued messages are dropped while it yields`() async throws {
        final class Raw: Consumer {
            override func dispatch(_ event: ConsumerEvent) async {
                if case .connect = event { accept() }
            }
        }
        script.serve(try URLRouter { path("ws/", Raw()) }) { $0.consumers.mailbox = 1 << 20 }
        let socket = await Socket.open(script)
        let burst = (0..<600).flatMap { _ in Socket.text("x") }
        await script.loop.perform { socket.client.sendNow(burst) }
        await socket.client.abort()
        await script.idle()
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that disconnects without a close frame is lost, and its handler is cancelled`() async throws {
        try script.serveSocket(receive: { probe, _ in
            do { try await probe.clock.sleep(for: .seconds(60)) } catch { probe.note("\(error)") }
        })
        let socket = await Socket.open(script)
        await socket.send(Socket.text("one") + Socket.text("two"))
        await socket.client.finish()
        #expect(
            script.lines == [
                "connect", "receive one", "CancellationError()",
                "disconnect 1006 The peer ended the connection without a close frame. unclean",
            ])
    }

    @Test func `other members get a consumer's last message before its leave`() async throws {
        let (room, people, journal) = (room, people, script.journal)
        script.serve(
            try URLRouter {
                path("listen/", listener())
                path(
                    "speak/",
                    Probe(
                        journal,
                        connect: { probe in
                            try await probe.track(people, as: "bob", "here")
                            probe.accept()
                        }, receive: { probe, message in try await probe.groupSend(room, message) }))
            })
        _ = await Socket.open(script, "/listen/")
        let bob = await Socket.open(script, "/speak/")
        await bob.send(Socket.text("bye") + Socket.close(1000))
        await script.advance(.seconds(1))
        let told = script.lines.filter { $0.hasPrefix("heard") || $0.hasPrefix("left") }
        #expect(told == ["heard bye", "left bob"])
    }

    @Test func `other members get messages sent after close() before the consumer's leave`() async throws {
        let (room, people, journal) = (room, people, script.journal)
        script.serve(
            try URLRouter {
                path("listen/", listener())
                path(
                    "speak/",
                    Probe(
                        journal,
                        connect: { probe in
                            try await probe.track(people, as: "bob", "here")
                            probe.accept()
                        },
                        receive: { probe, message in
                            probe.close(4000)
                            try await probe.groupSend(room, message)
                        }))
            })
        _ = await Socket.open(script, "/listen/")
        let bob = await Socket.open(script, "/speak/")
        await bob.send("bye")
        await script.advance(.seconds(1))
        let told = script.lines.filter { $0.hasPrefix("heard") || $0.hasPrefix("left") }
        #expect(told == ["heard bye", "left bob"])
    }
}
