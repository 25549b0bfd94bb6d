import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct Pipelines {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    @Test func `pipelined requests wait until the client reads the responses (RFC 9112 §9.3.2)`() async throws {
        let journal = script.journal
        try script.serve { _ in
            journal.note("request")
            return .text(String(repeating: "x", count: 100_000))
        }
        let client = await script.connect()
        await client.pauseReading()
        await client.send(String(repeating: get, count: 50))
        #expect(journal.lines.count < 6)
        // A client that has finished sending also gets all its responses.
        await client.finish()
        await client.resumeReading()
        #expect(journal.lines.count == 50)
        #expect(client.text.split(separator: "HTTP/1.1 200 OK").count == 50)
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `the keep-alive timeout starts when the client has read the response`() async throws {
        try script.serve { _ in .text(String(repeating: "x", count: 1 << 20)) }
        let client = await script.connect(NetworkConditions(capacity: 100_000))
        await client.pauseReading()
        await client.send(get)
        for _ in 0..<4 {
            await script.advance(.seconds(20))
            await client.readOnce()
        }
        #expect(client.end == .open)
        await client.resumeReading()
        await script.advance(.seconds(59))
        #expect(client.end == .open)
        await script.advance(.seconds(1))
        #expect(client.end == .finished)
    }

    @Test func `a client that finished sending gets no stream for its second pipelined request`() async throws {
        let journal = script.journal
        let gate = script.gate()
        script.serve(
            try URLRouter {
                path("") { _ in
                    await gate.wait()
                    return .text("first")
                }
                path("stream") { _ in .stream(type: .text) { _ in journal.note("began") } }
            })
        let client = await script.connect()
        await client.send(get + "GET /stream HTTP/1.1\r\nHost: site\r\n\r\n")
        await client.finish()
        await gate.open()
        await script.idle()
        #expect(client.text.hasSuffix("\r\n\r\nfirst"))
        #expect(client.end == .finished)
        #expect(journal.lines == [])
        #expect(script.server.connectionCount == 0)
    }
}
