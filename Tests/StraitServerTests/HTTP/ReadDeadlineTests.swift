import StraitCore
import StraitHTTP
import StraitServer
import StraitTesting
import Testing

@Suite struct TimeLimits {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    @Test func `a connection without a request is closed without a response`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        await script.advance(.milliseconds(9_999))
        #expect(client.end == .open)
        await script.advance(.milliseconds(1))
        #expect(client.end == .finished)
        #expect(client.text == "")
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a head that arrives too slowly gets 408 (RFC 9110 §15.5.9)`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        for byte in "GET / HTTP/1.1\r\nHost: s".utf8.prefix(10) {
            await client.send([byte])
            await script.advance(.seconds(1))
        }
        #expect(client.text.hasPrefix("HTTP/1.1 408 "))
        #expect(client.end == .finished)
        let lines = await script.connect()
        await lines.send("GET / HTTP/1.1\r\n")
        await script.advance(.seconds(10))
        #expect(lines.text.hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `an idle keep-alive connection is closed without a response`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        await client.send(get)
        await script.advance(.seconds(59))
        await client.send(get)
        await script.advance(.milliseconds(59_999))
        #expect(client.end == .open)
        await script.advance(.milliseconds(1))
        #expect(client.end == .finished)
        #expect(!client.text.contains(" 408 "))
    }

    @Test func `the head timeout starts at the head's first byte, however long the connection was idle`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        await client.send(get)
        // The keep-alive timeout would end during the head, and must not apply.
        await script.advance(.seconds(45))
        await client.send("GET / HTTP/1.1\r\n")
        await script.advance(.milliseconds(9_999))
        #expect(client.end == .open)
        await client.send("Host: site\r\n\r\n")
        #expect(client.text.split(separator: "HTTP/1.1 200 ").count == 2)
        await script.advance(.seconds(30))
        await client.send("GET / HTTP/1.1\r\n")
        await script.advance(.milliseconds(9_999))
        #expect(client.end == .open)
        await script.advance(.milliseconds(1))
        #expect(client.text.contains("HTTP/1.1 408 ") && client.end == .finished)
    }

    @Test func `a stalled body gets 408, and its reader fails`() async throws {
        let journal = script.journal
        try script.serve { request in
            do { _ = try await request.body.collect(upTo: 1000) } catch { journal.note("failed") }
            return .text("x")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 10\r\n\r\n")
        for _ in 0..<3 {
            await script.advance(.seconds(29))
            await client.send("1")
        }
        #expect(client.text == "")
        await script.advance(.seconds(30))
        #expect(client.text.hasPrefix("HTTP/1.1 408 "))
        #expect(journal.lines == ["failed"])
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a body that arrives too slowly gets 408 after the total body timeout`() async throws {
        try script.serve { request in .text("\(try await request.body.collect(upTo: 10_000).count)") }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 1000\r\n\r\n")
        var waited = 0
        while client.end == .open, waited < 1000 {
            await client.send("1")
            await script.advance(.seconds(5))
            waited += 5
        }
        #expect(client.text.hasPrefix("HTTP/1.1 408 "))
        #expect(waited >= 120 && waited < 140)
    }

    @Test func `a body at the minimum rate has no total time limit`() async throws {
        try script.serve { request in .text("\(try await request.body.collect(upTo: 1 << 20).count)") }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 120000\r\n\r\n")
        for _ in 0..<100 {
            await script.advance(.seconds(5))
            await client.send(String(repeating: "x", count: 1200))
        }
        #expect(client.text.hasSuffix("\r\n\r\n120000"), "\(client.text)")
    }

    @Test func `a handler has no time limit`() async throws {
        let gate = script.gate()
        try script.serve { _ in
            await gate.wait()
            return .text("x")
        }
        let client = await script.connect()
        await client.send(get)
        await script.advance(.seconds(3600))
        await gate.open()
        await script.idle()
        #expect(client.text.hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `a client that reads nothing of its response is disconnected`() async throws {
        try script.serve { _ in .text(String(repeating: "x", count: 1 << 20)) }
        let client = await script.connect()
        await client.pauseReading()
        await client.send(get)
        await script.advance(.milliseconds(29_999))
        #expect(script.server.connectionCount == 1)
        await script.advance(.milliseconds(1))
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that reads slowly is not disconnected`() async throws {
        try script.serve { _ in .text(String(repeating: "x", count: 200_000)) }
        let client = await script.connect(NetworkConditions(capacity: 10_000))
        await client.send(get)
        #expect(client.bytes.count > 200_000)
        await client.pauseReading()
        await client.send(get)
        for _ in 0..<10 {
            await script.advance(.seconds(20))
            await client.readOnce()
        }
        #expect(script.server.connectionCount == 1)
        await client.resumeReading()
        #expect(client.bytes.count > 400_000)
    }

    @Test func `a client that does not close after its last response is disconnected soon`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        client.keepOpen()
        await client.send("GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n")
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 1)
        await client.send([UInt8](repeating: 0, count: 1 << 20))
        #expect(await client.unsent == 0)
        await script.advance(.seconds(2))
        #expect(script.server.connectionCount == 0)
    }
}
