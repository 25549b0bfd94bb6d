import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct SocketEnds {
    private let script = ServerScript()

    @Test func `a client's close is answered with its code, and the server disconnects (RFC 6455 §7.1.1)`()
        async throws
    {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.close(4001, "bye")
        #expect(socket.frames == ["close 4001"])
        #expect(socket.client.end == .finished)
        #expect(script.lines == ["connect", "disconnect 4001 bye"])
        #expect(script.journal.lines.last == "gone")
        #expect(script.access.lines.last == #"10.0.0.1:5001 - - [date] "WSDISCONNECT /ws/" 4001 -"#)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a close frame without a code is reported as 1005 (RFC 6455 §7.1.5)`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        await socket.send(Socket.frame(.close))
        #expect(socket.frames == ["close 1005"])
        #expect(script.lines.last == "disconnect 1005")
    }

    @Test func `the server's close has a code and reason, and waits for the client's (RFC 6455 §7.1.2)`() async throws {
        try script.serveSocket(receive: { probe, message in
            probe.send(message)
            probe.close(4007, reason: "enough")
            probe.note("\(probe.send(text: "never"))")
            probe.close(4008)
        })
        let socket = await Socket.open(script)
        await socket.send("hi")
        #expect(socket.frames == ["text hi", "close 4007 enough"])
        #expect(socket.client.end == .open)
        #expect(script.lines == ["connect", "receive hi", "dropped"])
        await socket.send("late")
        await socket.send(Socket.close(4007))
        #expect(script.lines == ["connect", "receive hi", "dropped", "disconnect 4007"])
        #expect(socket.client.end == .finished)
        #expect(script.server.counters.droppedAfterClose == 1)
        #expect(script.server.counters.consumers.droppedOutbound == 1)
    }

    @Test func `simultaneous closes count as one close with the client's code`() async throws {
        let gate = script.gate()
        try script.serveSocket(receive: { probe, _ in
            await gate.wait()
            probe.close(4002)
        })
        let delay = NetworkConditions(delay: .milliseconds(10))
        let client = await script.connect(delay)
        await client.send(Socket.request())
        await script.advance(.milliseconds(20))
        await client.send(Socket.text("hi"))
        await script.advance(.milliseconds(20))
        await client.send(Socket.close(4001, "mine"))
        await gate.open()
        await script.advance(.milliseconds(50))
        let socket = Socket(client)
        #expect(socket.frames == ["close 4002"])
        #expect(script.lines.last == "disconnect 4001 mine")
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that does not answer a close frame is disconnected`() async throws {
        try script.serveSocket(receive: { probe, _ in probe.close() })
        let socket = await Socket.open(script)
        await socket.send("hi")
        #expect(socket.frames == ["close 1000"])
        await script.advance(.milliseconds(4_999))
        #expect(script.lines.count == 2)
        await script.advance(.milliseconds(1))
        #expect(script.lines.last == "disconnect 1006 no close frame in time unclean")
        #expect(socket.client.end == .reset)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a close frame is read while reading is paused for a busy consumer`() async throws {
        let gate = script.gate()
        try script.serveSocket(
            configure: { $0.consumers.mailbox = 1000 },
            connect: { probe in
                probe.accept()
                probe.start { _ in
                    await gate.wait()
                    probe.close(4003)
                }
            },
            receive: { probe, _ in
                do { try await probe.clock.sleep(for: .seconds(3)) } catch { probe.note("cancelled") }
            })
        let socket = await Socket.open(script)
        for _ in 0..<20 { await socket.send(Socket.frame(.binary, [UInt8](repeating: 1, count: 500))) }
        await socket.close(4003)
        await gate.open()
        await script.idle()
        #expect(socket.frames == ["close 4003"])
        #expect(socket.client.end == .finished)
        await script.advance(.seconds(3))
        #expect(script.lines.last == "disconnect 4003")
        #expect(script.lines.filter { $0.hasPrefix("receive") }.count == 1)
    }

    @Test func `closing with a reserved code sends 1011 and is logged (RFC 6455 §7.4.1)`() async throws {
        try script.serveSocket(receive: { probe, _ in probe.close(1006) })
        let socket = await Socket.open(script)
        await socket.send("hi")
        #expect(socket.frames == ["close 1011"])
        #expect(script.log.lines.count == 1)
    }

    @Test func `an error in a handler closes with 1011 and is logged`() async throws {
        struct Broken: Error {}
        try script.serveSocket(receive: { _, _ in throw Broken() })
        let socket = await Socket.open(script)
        await socket.send("hi")
        #expect(socket.frames == ["close 1011 The server had an error."])
        await socket.close(1011)
        #expect(script.lines.last == "disconnect 1011")
        #expect(script.log.lines == ["error Probe failed: Broken() path=/ws/"])
    }

    @Test(arguments: ["finish", "abort"])
    func `a connection that ends without a close frame is reported as 1006`(how: String) async throws {
        try script.serveSocket(receive: { probe, _ in
            do { try await probe.clock.sleep(for: .seconds(60)) } catch { probe.note("cancelled") }
        })
        let socket = await Socket.open(script)
        await socket.send("hi")
        if how == "finish" { await socket.client.finish() } else { await socket.client.abort() }
        #expect(script.lines.dropLast() == ["connect", "receive hi", "cancelled"])
        #expect(script.lines.last?.hasPrefix("disconnect 1006 The peer ") == true)
        #expect(script.lines.last?.hasSuffix(" unclean") == true)
        #expect(script.server.connectionCount == 0)
        #expect(script.journal.lines.last == "gone")
        #expect(script.access.lines.last == #"10.0.0.1:5001 - - [date] "WSDISCONNECT /ws/" 1006 -"#)
    }

    @Test func `messages before a close frame are handled before the close`() async throws {
        let gate = script.gate()
        try script.serveSocket(receive: { _, _ in await gate.wait() })
        let socket = await Socket.open(script)
        await socket.send(Socket.text("a") + Socket.text("b") + Socket.close(1000))
        #expect(script.lines == ["connect", "receive a"])
        #expect(socket.frames == [])
        await gate.open()
        await script.idle()
        #expect(socket.frames == ["close 1000"])
        #expect(script.lines == ["connect", "receive a", "receive b", "disconnect 1000"])
    }

    // MARK: Queued output

    /// Serves a consumer that sends 300 KB and closes, to a client that reads 16 KiB a second. Returns when our close
    /// frame has been sent.
    private func closeBehindMuch() async throws -> Socket {
        try script.serveSocket(receive: { probe, _ in
            probe.send(bytes: Bytes([UInt8](repeating: 1, count: 300_000)))
            probe.close(4000)
        })
        let socket = await Socket.open(script, conditions: NetworkConditions(capacity: 16 << 10))
        await socket.client.pauseReading()
        await socket.send("go")
        for _ in 0..<100 where socket.client.bytes.count < 300_000 {
            await script.advance(.seconds(1))
            await socket.client.readOnce()
        }
        await socket.client.resumeReading()
        #expect(socket.frames == ["binary 300000", "close 4000"])
        #expect(socket.client.end == .open)
        return socket
    }

    @Test func `the close timeout starts when our close frame is sent (RFC 6455 §7.1.1)`() async throws {
        let socket = try await closeBehindMuch()
        await socket.close(4000)
        #expect(script.lines.last == "disconnect 4000")
        #expect(socket.client.end == .finished)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that reads everything but does not answer the close is disconnected`() async throws {
        let socket = try await closeBehindMuch()
        await script.advance(.seconds(5))
        #expect(script.lines.last == "disconnect 1006 no close frame in time unclean")
        #expect(socket.client.end == .reset)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that reads nothing before our close frame hits the stall timeout`() async throws {
        try script.serveSocket(receive: { probe, _ in
            probe.send(bytes: Bytes([UInt8](repeating: 1, count: 300_000)))
            probe.close(4000)
        })
        let socket = await Socket.open(script, conditions: NetworkConditions(capacity: 16 << 10))
        await socket.client.pauseReading()
        await socket.send("go")
        await script.advance(.milliseconds(29_999))
        #expect(script.lines.count == 2)
        await script.advance(.milliseconds(1))
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a handler that throws CancellationError without cancellation closes with 1011`() async throws {
        try script.serveSocket(receive: { _, _ in throw CancellationError() })
        let socket = await Socket.open(script)
        await socket.send("hi")
        #expect(socket.frames == ["close 1011 The server had an error."])
        await socket.close(1011)
        #expect(script.lines == ["connect", "receive hi", "disconnect 1011"])
        #expect(script.log.lines == ["error Probe failed: CancellationError() path=/ws/"])
    }
}
