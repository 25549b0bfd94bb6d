import StraitCompression
import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Tests that a loop's turns are bounded, so that a client with much data is served alongside others.
@Suite struct Turns {
    private let script = ServerScript()

    @Test func `another client's request is answered during a pipeline of a thousand requests`() async throws {
        let journal = script.journal
        script.serve(
            try URLRouter {
                path("many/") { _ in
                    journal.note("many")
                    return .text("x")
                }
                path("one/") { _ in
                    journal.note("one")
                    return .text("x")
                }
            })
        let (many, one) = (await script.connect(), await script.connect())
        let pipeline = Array(repeating: "GET /many/ HTTP/1.1\r\nHost: site\r\n\r\n", count: 1000).joined()
        await script.loop.perform {
            many.sendNow(Array(pipeline.utf8))
            one.sendNow(Array("GET /one/ HTTP/1.1\r\nHost: site\r\n\r\n".utf8))
        }
        await script.idle()
        let before = try #require(script.journal.lines.firstIndex(of: "one"))
        #expect(before <= 64, "\(before) requests of the pipeline were handled first.")
        #expect(script.journal.count(of: "many") == 1000)
        #expect(many.text.split(separator: "HTTP/1.1 200 ").count == 1000)
    }

    @Test func `another client's message is handled during a burst of a thousand messages`() async throws {
        try script.serveSocket(configure: { $0.consumers.mailbox = 1 << 20 }, receive: { _, _ in })
        let (many, one) = (await Socket.open(script), await Socket.open(script))
        let burst = (0..<1000).flatMap { Socket.text("\($0)") }
        await script.loop.perform {
            many.client.sendNow(burst)
            one.client.sendNow(Socket.text("one"))
        }
        await script.idle()
        let lines = script.lines.filter { $0.hasPrefix("receive") }
        let before = try #require(lines.firstIndex(of: "receive one"))
        #expect(before <= 300, "\(before) messages of the burst were handled first.")
        #expect(lines.filter { $0 != "receive one" } == (0..<1000).map { "receive \($0)" })
    }

    /// A compressed frame of `count` letters a.
    private func compressed(_ count: Int) throws -> [UInt8] {
        var deflater = try Deflater(windowBits: 15, level: 9)
        var packed = ByteBuffer()
        deflater.compress([UInt8](repeating: 97, count: count).span, into: &packed)
        packed.removeLast(4)
        return Socket.frame(.text, Array(packed.take()), isCompressed: true)
    }

    @Test func `highly compressed messages are read slowly, and other clients are served meanwhile`()
        async throws
    {
        try script.serveSocket(receive: { probe, message in if message.payload.count < 100 { probe.send(message) } })
        let bomber = await Socket.open(script, "/ws/", ["Sec-WebSocket-Extensions: permessage-deflate"])
        let other = await Socket.open(script)
        let bomb = try compressed(1 << 20)
        #expect(bomb.count < 1100)
        await bomber.send(Array(repeating: bomb, count: 50).flatMap { $0 })
        let handled = script.lines.count { $0 == "receive 1048576 bytes" }
        #expect(handled <= 2)
        await other.send("hi")
        #expect(other.frames == ["text hi"])
        await script.advance(.seconds(5))
        #expect(script.lines.count { $0 == "receive 1048576 bytes" } == 50)
    }

    // MARK: Memory

    @Test func `unfinished messages of all WebSockets share a limit, and those over it are closed`()
        async throws
    {
        try script.serveSocket(configure: { $0.unfinishedMessages = 300_000 })
        let half = Array(Socket.frame(.binary, [UInt8](repeating: 1, count: 200_000)).dropLast(1))
        let (first, second) = (await Socket.open(script), await Socket.open(script))
        await first.send(half)
        #expect(script.server.counters.unfinishedBytes >= 200_000 - 1)
        await second.send(half)
        #expect(second.frames == ["close 1013 too many unfinished messages"])
        #expect(script.server.metrics.snapshot().limits[.unfinishedMessages] == 1)
        await first.send([1])
        #expect(first.frames == ["binary 200000"])
        await first.close(1000)
        #expect(script.server.counters.unfinishedBytes == 0)
    }
}

@Suite struct ExpansionBudgets {
    @Test func `ordinary messages yield after their share of a turn`() {
        var budget = ExpansionBudget()
        for _ in 0..<25 { #expect(budget.spend(10_000, packed: 1000) == .none) }
        for _ in 0..<1 { #expect(budget.spend(10_000, packed: 1000) == .none) }
        #expect(budget.spend(10_000, packed: 1000) == .turn)
        #expect(budget.spend(10_000, packed: 1000) == .none)
    }

    @Test func `large expansion is delayed, and repeated large expansion longer`() {
        var budget = ExpansionBudget()
        let megabyte = 1 << 20
        guard case .time(let first) = budget.spend(megabyte, packed: 1042) else {
            Issue.record("The budget does not delay the expansion.")
            return
        }
        #expect(first > .milliseconds(50) && first < .milliseconds(63))
        guard case .time(let second) = budget.spend(megabyte, packed: 1042) else {
            Issue.record("The budget does not delay the expansion.")
            return
        }
        #expect(second > first)
    }

    @Test func `extreme sizes do not overflow`() {
        var budget = ExpansionBudget()
        #expect(budget.spend(0, packed: 0) == .none)
        guard case .time = budget.spend(1 << 40, packed: 0) else {
            Issue.record("The budget does not delay the expansion.")
            return
        }
        #expect(budget.spend(0, packed: 1 << 50) == .none)
    }
}
