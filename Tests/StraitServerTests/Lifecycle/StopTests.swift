import StraitConsumers
import StraitCore
import StraitHTTP
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Stopping {
    private let script = ServerScript()

    /// Starts stopping the server. Returns a task that ends when it has stopped.
    private func stop() async -> Task<Void, Never> {
        let server: Server = script.server
        let journal = script.journal
        let task = Task {
            await server.stop()
            journal.note("stopped")
        }
        await script.until { script.server.isStopping }
        return task
    }

    @Test func `WebSockets are closed with 1001, and disconnect() is awaited`() async throws {
        try script.serveSocket(disconnect: { probe in
            try await probe.clock.sleep(for: .seconds(1))
            probe.note("saved")
        })
        let socket = await Socket.open(script)
        let idle = await script.connect()
        let stopping = await stop()
        await script.until { socket.frames == ["close 1001 The server is stopping."] }
        #expect(idle.end == .finished)
        await socket.close(1001)
        #expect(script.lines == ["connect", "disconnect 1001"])
        #expect(script.server.connectionCount == 0)
        await script.advance(.seconds(1))
        await stopping.value
        #expect(script.lines == ["connect", "disconnect 1001", "saved", "stopped"])
    }

    @Test func `the client's close is read at once, even if reading was paused for a busy consumer`()
        async throws
    {
        let gate = script.gate()
        try script.serveSocket(configure: { $0.consumers.mailbox = 100 }, receive: { _, _ in await gate.wait() })
        let socket = await Socket.open(script)
        for text in ["a", "b", "c", "d", "e"] { await socket.send(text) }
        let stopping = await stop()
        await script.until { socket.frames == ["close 1001 The server is stopping."] }
        await socket.close(1001)
        #expect(socket.client.end == .finished)
        #expect(script.server.connectionCount == 0)
        await gate.open()
        await stopping.value
        // Messages that were delivered before the close are handled. The rest is read and dropped.
        #expect(
            script.lines == ["connect", "receive a", "receive b", "receive c", "disconnect 1001", "stopped"])
        #expect(script.server.counters.droppedAfterClose == 2)
    }

    @Test func `stopping again has no effect`() async throws {
        try script.serveSocket()
        await script.server.stop()
        await script.server.stop()
        await script.advance(.seconds(1))
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a request in progress is answered, and its connection is closed`() async throws {
        let gate = script.gate()
        try script.serve { _ in
            await gate.wait()
            return .text("x")
        }
        let client = await script.connect()
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        let stopping = await stop()
        #expect(client.text == "")
        await gate.open()
        await stopping.value
        #expect(client.text.hasSuffix("\r\n\r\nx"))
        #expect(client.text.contains("\r\nConnection: close\r\n"))
    }

    @Test func `a handshake in progress gets 503`() async throws {
        try script.serveSocket(connect: { probe in
            do { try await probe.clock.sleep(for: .seconds(4)) } catch { probe.note("cancelled") }
            probe.accept()
        })
        let client = await script.connect()
        await client.send(Socket.request())
        let stopping = await stop()
        await stopping.value
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(script.lines == ["connect", "cancelled", "disconnect 1006 The server is stopping. unclean", "stopped"])
    }

    @Test func `connections and consumers that do not end in time are aborted`() async throws {
        let gate = script.gate()
        try script.serveSocket(
            configure: { $0.stopTimeout = .seconds(3) }, disconnect: { _ in await gate.wait() })
        let socket = await Socket.open(script)
        let stopping = await stop()
        await script.until { socket.frames.count == 1 }
        await script.advance(.seconds(3))
        await stopping.value
        #expect(script.lines == ["connect", "disconnect 1006 The connection is closed. unclean", "stopped"])
        #expect(script.log.lines == ["warning 1 connections and 1 consumers did not end in time and are cut off."])
    }
}
