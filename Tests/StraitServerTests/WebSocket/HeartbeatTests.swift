import StraitConsumers
import StraitCore
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Silence {
    private let script = ServerScript()

    /// Serves a consumer that records its latency at every message.
    private func serveLatency(configure: (inout ServerConfiguration) -> Void = { _ in }) throws {
        try script.serveSocket(
            configure: configure,
            receive: { probe, _ in probe.note("\(probe.latency.map { "\($0)" } ?? "none")") })
    }

    @Test func `a silent client is pinged, and its latency is measured`() async throws {
        try serveLatency()
        let socket = await Socket.open(script)
        await script.advance(.milliseconds(19_999))
        #expect(socket.frames == [])
        await script.advance(.milliseconds(1))
        #expect(socket.frames == ["ping strait 1"])
        await script.advance(.milliseconds(250))
        await socket.pong("strait 1")
        await socket.send("how long?")
        #expect(script.lines.last == "0.25 seconds")
    }

    @Test(arguments: [Duration.seconds(5), .seconds(30), .seconds(300)])
    func `a client that answers pings is pinged once per interval, whatever the ping timeout`(
        timeout: Duration
    ) async throws {
        try script.serveSocket(configure: { $0.pingTimeout = timeout })
        let socket = await Socket.open(script)
        for number in 1...5 {
            await script.advance(.milliseconds(19_999))
            #expect(socket.frames.count == number - 1)
            await script.advance(.milliseconds(1))
            #expect(socket.frames.last == "ping strait \(number)")
            await socket.pong("strait \(number)")
        }
        #expect(script.lines == ["connect"])
    }

    @Test func `a client that sends messages instead of pongs is pinged after each silence`() async throws {
        try script.serveSocket(configure: { $0.pingTimeout = .seconds(300) })
        let socket = await Socket.open(script)
        await script.advance(.seconds(21))
        await socket.send("hi")
        await script.advance(.milliseconds(19_999))
        #expect(socket.frames == ["ping strait 1", "text hi"])
        await script.advance(.milliseconds(1))
        #expect(socket.frames == ["ping strait 1", "text hi", "ping strait 2"])
    }

    @Test func `a pong that matches no ping does not change the latency (RFC 6455 §5.5.3)`() async throws {
        try serveLatency()
        let socket = await Socket.open(script)
        await socket.pong("strait 1")
        await script.advance(.seconds(20))
        #expect(socket.frames == ["ping strait 1"])
        for payload in ["", "strait", "strait 0", "strait 2"] { await socket.pong(payload) }
        await socket.send("a")
        #expect(script.lines.last == "none")
        await script.advance(.milliseconds(40))
        await socket.pong("strait 1")
        await script.advance(.milliseconds(40))
        await socket.pong("strait 1")
        await socket.send("b")
        #expect(script.lines.last == "0.04 seconds")
    }

    @Test func `a pong that arrives while reading is paused does not count as latency`() async throws {
        let gate = script.gate()
        try script.serveSocket(
            configure: { $0.consumers.mailbox = 100 },
            receive: { probe, _ in
                await gate.wait()
                probe.note("\(probe.latency.map { "\($0)" } ?? "none")")
            })
        let socket = await Socket.open(script)
        await script.advance(.seconds(20))
        await socket.send(Socket.text("a") + Socket.text("b") + Socket.text("c"))
        await socket.pong("strait 1")
        await script.advance(.seconds(9))
        await gate.open()
        await script.idle()
        await socket.send("d")
        #expect(script.lines.filter { !$0.hasPrefix("receive") } == ["connect", "none", "none", "none", "none"])
    }

    @Test func `a client that does not answer pings is disconnected`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await script.advance(.milliseconds(49_999))
        #expect(script.lines == ["connect"])
        await script.advance(.milliseconds(1))
        #expect(script.lines.last == "disconnect 1006 The peer did not answer a ping. unclean")
        #expect(socket.client.end == .reset)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client is not pinged while it still reads queued output`() async throws {
        try script.serveSocket(receive: { probe, _ in
            probe.send(bytes: Bytes([UInt8](repeating: 1, count: 300_000)))
        })
        let socket = await Socket.open(script, conditions: NetworkConditions(capacity: 4 << 10))
        await socket.client.pauseReading()
        await socket.send("go")
        for _ in 0..<200 where socket.client.bytes.count < 300_000 {
            await script.advance(.seconds(1))
            await socket.client.readOnce()
        }
        await socket.client.resumeReading()
        #expect(socket.frames == ["binary 300000"])
        #expect(script.lines == ["connect", "receive go"])
        await script.advance(.seconds(20))
        #expect(socket.frames == ["binary 300000", "ping strait 1"])
        await script.advance(.seconds(30))
        #expect(script.lines.last == "disconnect 1006 The peer did not answer a ping. unclean")
    }

    @Test func `any message from the client counts as activity`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        for _ in 0..<20 {
            await script.advance(.seconds(15))
            await socket.send("hi")
        }
        #expect(script.lines.count == 21)
        #expect(!socket.frames.contains { $0.hasPrefix("ping") })
    }

    @Test func `a client is not considered silent while the server pauses reading from it`() async throws {
        let gate = script.gate()
        try script.serveSocket(configure: { $0.consumers.mailbox = 100 }, receive: { _, _ in await gate.wait() })
        let socket = await Socket.open(script)
        for _ in 0..<5 { await socket.send("hello") }
        await script.advance(.seconds(600))
        #expect(!script.lines.contains { $0.hasPrefix("disconnect") })
        await gate.open()
        await script.idle()
        #expect(script.lines.count == 6)
        await script.advance(.seconds(49))
        #expect(!script.lines.contains { $0.hasPrefix("disconnect") })
        await script.advance(.seconds(21))
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
        _ = socket
    }

    @Test func `HTTP timeouts do not apply to WebSockets`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        for _ in 0..<20 {
            await script.advance(.seconds(20))
            await socket.pong("")
        }
        #expect(script.lines == ["connect"])
        #expect(socket.client.end == .open)
    }
}
