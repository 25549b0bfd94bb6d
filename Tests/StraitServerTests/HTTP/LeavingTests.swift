import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// Slow middleware: it waits for the test's gate, or for a fixed time.
private struct Slow: Application {
    let inner: any Application
    let journal: Journal
    let clock: LoopClock
    var gate: Gate?
    var time = Duration.seconds(3600)

    func resolve(_ scope: Scope) async throws -> Resolution? {
        if let gate {
            await gate.wait()
        } else {
            do { try await clock.sleep(for: time) } catch {
                journal.note("\(error)")
                throw error
            }
        }
        return try await inner.resolve(scope)
    }
}

/// Clients that disconnect and servers that stop before a long operation begins.
@Suite struct Leaving {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    private func stop() async -> Task<Void, Never> {
        let server: Server = script.server
        let task = Task { await server.stop() }
        await script.until { server.isStopping }
        await script.idle()
        return task
    }

    /// Serves a WebSocket behind middleware that never finishes by itself.
    private func serveSlowly(_ gate: Gate? = nil) throws {
        let journal = script.journal
        script.serve(
            Slow(
                inner: try URLRouter { path("ws/", Probe(journal)) }, journal: journal,
                clock: LoopClock(loop: script.loop), gate: gate))
    }

    @Test func `a stopping server answers an undecided handshake in middleware with 503`() async throws {
        try serveSlowly()
        let client = await script.connect()
        await client.send(Socket.request())
        let stopping = await stop()
        await stopping.value
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(script.lines == ["CancellationError()"])
        #expect(script.log.lines == [])
    }

    @Test func `no consumer starts after the server has stopped, even if middleware was slow`() async throws {
        let gate = script.gate()
        try serveSlowly(gate)
        let client = await script.connect()
        await client.send(Socket.request())
        let stopping = await stop()
        await gate.open()
        await stopping.value
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(script.lines == [])
    }

    @Test func `a client that disconnects during a handshake's middleware cancels it`() async throws {
        try serveSlowly()
        let client = await script.connect()
        await client.send(Socket.request())
        await client.leave()
        #expect(script.lines == ["CancellationError()"])
        #expect(client.text == "")
        #expect(script.server.connectionCount == 0)
        #expect(script.access.lines.map { $0.split(separator: "\"")[1] } == ["WSCONNECTING /ws/", "WSDISCONNECT /ws/"])
        #expect(script.log.lines == [])
    }

    @Test func `middleware that exceeds the handshake timeout is cancelled and gets 503`() async throws {
        try serveSlowly()
        let client = await script.connect()
        await client.send(Socket.request())
        await script.advance(.milliseconds(4_999))
        #expect(client.text == "")
        await script.advance(.milliseconds(1))
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(script.lines == ["CancellationError()"])
        #expect(
            script.log.lines == [
                """
                warning The handshake was refused because middleware took longer than \
                ServerConfiguration.handshakeTimeout. path=/ws/
                """
            ])
    }

    @Test func `middleware and consumer share the handshake timeout`() async throws {
        let journal = script.journal
        script.serve(
            Slow(
                inner: try URLRouter {
                    path("ws/", Probe(journal, connect: { try await $0.clock.sleep(for: .seconds(3)) }))
                },
                journal: journal, clock: LoopClock(loop: script.loop), time: .seconds(3)))
        let client = await script.connect()
        await client.send(Socket.request())
        await script.advance(.seconds(3))
        #expect(script.lines == ["connect"])
        await script.advance(.seconds(2))
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
    }

    @Test(arguments: ["leave", "stop"])
    func `a stream does not start after its client disconnects or the server stops`(how: String) async throws {
        let journal = script.journal
        let gate = script.gate()
        let loop = script.loop
        try script.serve { _ in
            await gate.wait()
            return .stream(type: .text) { _ in
                journal.note("began")
                try await LoopClock(loop: loop).sleep(for: .seconds(3600))
            }
        }
        let client = await script.connect()
        await client.send(get)
        var stopping: Task<Void, Never>?
        if how == "leave" { await client.leave() } else { stopping = await stop() }
        await gate.open()
        await script.idle()
        #expect(journal.lines == [])
        #expect(script.server.connectionCount == 0)
        #expect(client.text.hasPrefix("HTTP/1.1 503 ") == (how == "stop"))
        #expect(script.log.lines == [])
        await stopping?.value
    }
}
