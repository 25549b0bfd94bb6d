import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct Responses {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    @Test(arguments: [100, 101, 102, 103, 199])
    func `a handler that returns an interim status gets 500 (RFC 9110 §15.2)`(code: Int) async throws {
        try script.serve { _ in .text("x", status: HTTPStatus(code)) }
        let client = await script.connect()
        await client.send(get)
        #expect(client.take().hasPrefix("HTTP/1.1 500 "))
        #expect(
            script.log.lines == [
                """
                error The response failed: A handler returned the interim status \(HTTPStatus(code)). Return a \
                status of at least 200; for a WebSocket handshake, a consumer's accept() sends 101. path=/
                """
            ])
        // The next response belongs to the next request.
        await client.send(get)
        #expect(client.text.split(separator: "HTTP/1.1").count == 1)
    }

    @Test(arguments: [0, 1, 2047, 2048, 2049, 100_000], ["GET", "HEAD"])
    func `a response of any size is sent completely, and the next one follows`(
        size: Int, method: String
    ) async throws {
        let body = String(repeating: "x", count: size)
        try script.serve { _ in .text(body) }
        let client = await script.connect()
        await client.send("\(method) / HTTP/1.1\r\nHost: site\r\n\r\n")
        await script.idle()
        let text = client.take()
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("\r\nContent-Length: \(size)\r\n"))
        #expect(text.hasSuffix("\r\n\r\n" + (method == "GET" ? body : "")))
        await client.send("\(method) / HTTP/1.0\r\n\r\n")
        await script.idle()
        #expect(client.text.contains("\r\nContent-Length: \(size)\r\n") && client.end == .finished)
        #expect(client.text.hasSuffix("\r\n\r\n" + (method == "GET" ? body : "")))
    }

    @Test func `a body shorter than its Content-Length closes the connection and is logged`() async throws {
        try script.serve { _ in
            var response = Response.stream(type: .text) { try await $0.write("half") }
            response.headers["content-length"] = "8"
            return response
        }
        let client = await script.connect()
        await client.send(get)
        #expect(client.text.hasSuffix("\r\n\r\nhalf"))
        #expect(client.end == .finished)
        #expect(
            script.log.lines == [
                "error The response was cut off: The body is 4 bytes shorter than its Content-Length says. path=/"
            ])
    }

    @Test func `the access log records the body bytes that were sent`() async throws {
        script.serve(
            try URLRouter {
                path("") { _ in .text("hello") }
                path("204") { _ in .text("hello", status: .noContent) }
                path("304") { _ in .text("hello", status: .notModified) }
            })
        let client = await script.connect()
        for line in ["GET /", "HEAD /", "GET /204", "GET /304"] {
            await client.send("\(line) HTTP/1.1\r\nHost: site\r\n\r\n")
        }
        let lines = script.access.lines.map { $0.dropFirst("10.0.0.1:5001 - - [date] ".count) }
        #expect(lines == [#""GET /" 200 5"#, #""HEAD /" 200 0"#, #""GET /204" 204 0"#, #""GET /304" 304 0"#])
    }

    @Test func `the access log records a request whose body is rejected with its path and client`() async throws {
        try script.serve(
            configure: { $0.proxies = TrustedProxies(["10.0.0.1"]) },
            page: { .text("\(try await $0.body.collect(upTo: 100).count)") })
        let head = "POST / HTTP/1.1\r\nHost: site\r\nX-Forwarded-For: 10.1.2.3\r\n"
        _ = await script.answer(head + "Content-Length: 10\r\n\r\n12345")
        await script.advance(.seconds(30))
        _ = await script.answer(head + "Transfer-Encoding: chunked\r\n\r\nwrong\r\n")
        #expect(
            script.access.lines == [
                #"10.1.2.3:0 - - [date] "POST /" 408 37"#, #"10.1.2.3:0 - - [date] "POST /" 400 64"#,
            ])
    }

    @Test func `the access log records a request whose client disconnected without a status`() async throws {
        let gate = script.gate()
        try script.serve { _ in
            await gate.wait()
            return .text("x")
        }
        let client = await script.connect()
        await client.send(get)
        await client.abort()
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" - -"#])
        await gate.open()
        await script.idle()
        #expect(script.access.lines.count == 1)
    }
}
