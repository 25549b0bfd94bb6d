import StraitCore
import StraitHTTP
import StraitServer
import StraitTesting
import Testing

@Suite struct Expectations {
    private let script = ServerScript()
    private let head =
        "POST / HTTP/1.1\r\nHost: site\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"

    @Test func `100 Continue is sent only when the handler reads the body (RFC 9110 §10.1.1)`() async throws {
        let gate = script.gate()
        try script.serve { request in
            await gate.wait()
            return .text(String(utf8: try await request.body.collect(upTo: 100)) ?? "")
        }
        let client = await script.connect()
        await client.send(head)
        #expect(client.text == "")
        await gate.open()
        await script.idle()
        #expect(client.take() == "HTTP/1.1 100 Continue\r\n\r\n")
        await client.send("hello")
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n") && client.text.hasSuffix("\r\n\r\nhello"))
        #expect(client.end == .open)
    }

    @Test func `a response before the body is read closes the connection (RFC 9110 §10.1.1)`() async throws {
        try script.serve { _ in .text("no", status: .forbidden) }
        let client = await script.connect()
        await client.send(head)
        #expect(client.text.hasPrefix("HTTP/1.1 403 "))
        #expect(client.text.contains("\r\nConnection: close\r\n"))
        #expect(client.end == .finished)
    }

    @Test func `a client that sends the body without waiting gets no 100 Continue (RFC 9110 §10.1.1)`() async throws {
        let gate = script.gate()
        try script.serve { request in
            await gate.wait()
            return .text(String(utf8: try await request.body.collect(upTo: 100)) ?? "")
        }
        let client = await script.connect()
        await client.send(head + "hello")
        await gate.open()
        await script.idle()
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n") && client.text.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `a streamed response that reads the body does not wait forever (RFC 9110 §10.1.1)`() async throws {
        let journal = script.journal
        try script.serve { request in
            .stream(type: .text) { writer in
                do {
                    for try await piece in request.body { try await writer.write(piece) }
                } catch {
                    journal.note("\(error)")
                    throw error
                }
            }
        }
        let client = await script.connect()
        await client.send(head)
        // After the response has begun, the client decides whether to send the body.
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        await client.send("hello")
        #expect(client.text.hasSuffix("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
        #expect(client.end == .finished)
        let silent = await script.connect()
        await silent.send(head)
        await script.advance(.seconds(30))
        #expect(journal.lines == ["The peer reset the connection."])
        #expect(!silent.text.hasSuffix("0\r\n\r\n"))
        #expect(silent.end == .finished)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that waits for 100 Continue times out only after getting it`() async throws {
        let gate = script.gate()
        try script.serve { request in
            await gate.wait()
            return .text(String(utf8: try await request.body.collect(upTo: 100)) ?? "")
        }
        let client = await script.connect()
        await client.send(head)
        await script.advance(.seconds(100))
        #expect(client.text == "")
        await gate.open()
        await script.idle()
        #expect(client.take() == "HTTP/1.1 100 Continue\r\n\r\n")
        await script.advance(.seconds(31))
        #expect(client.text.hasPrefix("HTTP/1.1 408 "))
        #expect(client.end == .finished)
    }
}
