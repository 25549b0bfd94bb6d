import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Servers with several loops.
@Suite struct Loops {
    private let script = ServerScript(loops: 3)

    @Test func `consumers on every loop answer and are stopped`() async throws {
        try script.serveSocket(disconnect: { probe in probe.note("left") })
        var sockets: [Socket] = []
        for index in 0..<6 {
            let socket = await Socket.open(script, on: index % 3)
            await socket.send("\(index)")
            #expect(socket.frames == ["text \(index)"])
            sockets.append(socket)
        }
        #expect(script.server.connectionCount == 6)
        let server = script.server!
        let stopping = Task { await server.stop() }
        await script.until { sockets.allSatisfy { $0.frames.last == "close 1001 The server is stopping." } }
        for socket in sockets { await socket.close(1001) }
        await script.until { script.server.connectionCount == 0 }
        await stopping.value
        #expect(script.lines.count { $0 == "left" } == 6)
    }

    @Test func `two concurrent calls of stop() both return when the server has stopped`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script, on: 1)
        let server = script.server!
        let stops = [Task { await server.stop() }, Task { await server.stop() }]
        await script.until { socket.frames == ["close 1001 The server is stopping."] }
        await socket.close(1001)
        for stop in stops { await stop.value }
        #expect(script.server.connectionCount == 0)
    }

    @Test func `listening again after stop() throws an error`() async throws {
        try script.serveSocket()
        await script.server.stop()
        await #expect {
            try await script.server.listen(at: .internet(host: "127.0.0.1", port: 0))
        } throws: { error in
            "\(error)" == "The server has stopped and cannot listen again. Create a new one."
        }
    }

    @Test func `at log level debug, a handler that blocks its loop for over 50 ms is named in the log`() async throws {
        let time = script.time
        let slow: @Sendable (Int64) -> Void = { milliseconds in
            time.move(to: time.now.advanced(by: .milliseconds(milliseconds)))
        }
        let journal = script.journal
        script.serve(
            try URLRouter {
                path("page/") { _ in
                    slow(51)
                    return .text("x")
                }
                path("ws/", Probe(journal, receive: { _, message in slow(Int64(message.text!)!) }))
            }, logging: .debug)
        _ = await script.answer("GET /page/ HTTP/1.1\r\nHost: site\r\n\r\n")
        let socket = await Socket.open(script, on: 1)
        await socket.send("50")
        await socket.send("120")
        let advice = "and nothing else on it could run. Await long work in a function that is marked @concurrent."
        await script.until { script.log.lines.count == 2 }
        #expect(
            script.log.lines == [
                "warning GET /page/ held event loop 0 for 51 ms, \(advice)",
                "warning Probe at /ws/ held event loop 1 for 120 ms, \(advice)",
            ])
    }
}
