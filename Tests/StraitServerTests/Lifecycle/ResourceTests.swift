import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Resources {
    /// A request, a handshake, messages including a fragmented one with a ping in between, and a close.
    private static let dialogue: [UInt8] =
        Array("POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".utf8)
        + Array(Socket.request().utf8) + Socket.text("one") + Socket.frame(.text, Array("tw".utf8), isFinal: false)
        + Socket.frame(.ping, [1]) + Socket.frame(.continuation, Array("o".utf8))
        + Socket.frame(.binary, [UInt8](repeating: 1, count: 200)) + Socket.close(1000, "bye")

    @Test(arguments: ["abort", "finish"])
    func `a connection cut at any byte disconnects each consumer once and leaves no resources`(
        how: String
    ) async throws {
        let script = ServerScript()
        try script.serveSocket()
        let whole = Self.dialogue
        for cut in 0...whole.count {
            let client = await script.connect()
            await client.send(Array(whole[..<cut]))
            if how == "abort" { await client.abort() } else { await client.finish() }
            let lines = script.journal.lines
            #expect(script.server.connectionCount == 0, "cut at \(cut)")
            #expect(lines.count { $0 == "connect" } == lines.count { $0.hasPrefix("disconnect") }, "cut at \(cut)")
            #expect(lines.count { $0 == "gone" } == lines.count { $0 == "connect" }, "cut at \(cut)")
        }
        #expect(script.loop.sourceCount == 1)
        #expect(script.log.lines == [])
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `random connections leave no resources`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let script = ServerScript()
        let loop = script.loop
        let journal = script.journal
        script.serve(
            try URLRouter {
                path(
                    "ws/",
                    Probe(
                        journal, connect: nil,
                        receive: { probe, message in
                            try await probe.clock.sleep(for: .milliseconds(7))
                            probe.send(message)
                            if message.payload.count == 50 { probe.close(4000) }
                        }))
                path("refused/", Probe(journal, connect: { $0.close() }))
                path("") { _ in .text("page") }
                path("body") { request in .text("\(try await request.body.collect(upTo: 10_000).count)") }
                path("stream") { _ in
                    .stream(type: .text) { writer in
                        for _ in 0..<50 {
                            try await writer.write(String(repeating: "x", count: 3000))
                            try await LoopClock(loop: loop).sleep(for: .milliseconds(3))
                        }
                    }
                }
            })
        let requests: [[UInt8]] = [
            Array("GET / HTTP/1.1\r\nHost: site\r\n\r\n".utf8),
            Array("GET /stream HTTP/1.1\r\nHost: site\r\n\r\n".utf8),
            Array("POST /body HTTP/1.1\r\nHost: site\r\nContent-Length: 20000\r\n\r\n".utf8)
                + [UInt8](repeating: 1, count: 20_000),
            Array("nonsense\r\n\r\n".utf8), Array(Socket.request("/refused/").utf8), Self.dialogue,
            Array(Socket.request().utf8) + Socket.frame(.binary, [UInt8](repeating: 1, count: 3000))
                + Socket.frame(.binary, [UInt8](repeating: 1, count: 50)) + Socket.text("late"),
            Array(Socket.request().utf8) + Socket.frame(.ping) + [0x81, 0x01, 0x00],
        ]
        for _ in 0..<60 {
            let client = await script.connect(
                NetworkConditions(
                    seed: random.next(), capacity: Int.random(in: 100...70_000, using: &random),
                    largestWrite: Int.random(in: 1...5000, using: &random),
                    delay: .milliseconds(Int.random(in: 0...5, using: &random))))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let request = requests[Int.random(in: 0..<requests.count, using: &random)]
                let isCut = Int.random(in: 0..<4, using: &random) == 0
                let count = isCut ? Int.random(in: 0...request.count, using: &random) : request.count
                await client.send(Array(request.prefix(count)))
                await script.advance(.milliseconds(Int.random(in: 0...20, using: &random)))
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: await client.abort()
            case 1: await client.leave()
            case 2: await client.pauseReading()
            default: break
            }
        }
        // Any remaining connection hits a time limit.
        await script.advance(.seconds(200))
        let lines = script.journal.lines
        #expect(script.server.connectionCount == 0, "seed \(seed)")
        #expect(lines.count { $0 == "connect" } > 5, "seed \(seed)")
        #expect(lines.count { $0 == "connect" } == lines.count { $0.hasPrefix("disconnect") }, "seed \(seed)")
        #expect(lines.count { $0 == "gone" } == lines.count { $0 == "connect" }, "seed \(seed)")
        #expect(script.loop.sourceCount == 1, "seed \(seed)")
    }
}
