import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct Refusals {
    private let script = ServerScript()

    @Test(arguments: [
        ("GET / HTTP/1.1\n", 400), ("GET /\u{e9} HTTP/1.1\r\n", 400), ("GET /?\u{e9} HTTP/1.1\r\n", 400),
        ("GET / HTTP/1.1\r\nBad Name: 1\r\n", 400), ("GET / HTTP/1.1\r\nBad\0: 1\r\n", 400),
        ("GET / HTTP/1.1\r\nBad\u{1}: 1\r\n", 400), ("GET / HTTP/1.1\r\nA: 1\r\n b\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400), ("GET / HTTP/2.0\r\n", 505),
        ("G\u{1}T / HTTP/1.1\r\n", 400), ("nonsense\r\n", 400), ("\u{16}\u{3}\u{1}\r\n", 400),
    ])
    func `an invalid request is rejected and the connection is closed (RFC 9112 §2.2)`(
        request: String, status: Int
    ) async throws {
        try script.serve { _ in .text("never") }
        let client = await script.connect()
        await client.send(request)
        #expect(client.text.hasPrefix("HTTP/1.1 \(status) "), "\(client.text)")
        #expect(client.text.contains("\r\nConnection: close\r\n"))
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 0)
        #expect(script.access.lines.first?.hasPrefix(#"10.0.0.1:5001 - - [date] "- -" \#(status) "#) == true)
    }

    @Test func `a header name that is not valid text gets 400 (RFC 9110 §5.1)`() async throws {
        try script.serve { _ in .text("never") }
        let client = await script.connect()
        await client.send(Array("GET / HTTP/1.1\r\nHost: a\r\nBad".utf8) + [0xFF] + Array(": 1\r\n".utf8))
        #expect(client.text.hasPrefix("HTTP/1.1 400 "))
    }

    @Test(arguments: [
        "HEAD / HTTP/1.1\r\n\r\n", "HEAD /\u{e9} HTTP/1.1\r\n", "HEAD / HTTP/3.0\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n", "HEAD / HTTP/1.1\r\nHost: a\r\nA: \u{7}\r\n",
    ])
    func `a rejected HEAD request gets no body (RFC 9110 §9.3.2)`(request: String) async throws {
        try script.serve { _ in .text("never") }
        for whole in [true, false] {
            let client = await script.connect()
            if whole {
                await client.send(request)
            } else {
                for byte in request.utf8 { await client.send([byte]) }
            }
            #expect(client.text.hasSuffix("\r\n\r\n") && client.text.contains("\r\nContent-Length: "), "\(client.text)")
            #expect(client.end == .finished)
        }
    }

    @Test func `TLS on a plain port is rejected at its first byte, with the reason in response and log`()
        async throws
    {
        script.serve(try URLRouter { path("") { _ in .text("never") } }, logging: .info)
        let client = await script.connect()
        await client.send([0x16])
        #expect(client.text.hasPrefix("HTTP/1.1 400 "))
        #expect(client.text.contains("The client speaks TLS, and this port does not."))
        #expect(
            script.log.lines == [
                """
                info request refused client=10.0.0.1:5001 status=400 reason="The client speaks TLS, and this port \
                does not. Use http:// or ws://, or a proxy that terminates TLS."
                """
            ])
    }

    @Test func `a quotation mark in a path is escaped in the access log`() async throws {
        try script.serve { _ in .text("x") }
        _ = await script.answer("GET /?a\"b\\c HTTP/1.1\r\nHost: site\r\n\r\n")
        _ = await script.answer("GET /a\"b\\c HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(script.access.lines.last?.contains(#""GET /a\"b\\c" 404"#) == true, "\(script.access.lines)")
    }

    @Test func `a header name over 65,535 bytes gets 431, whatever the limits`() async throws {
        try script.serve(configure: { $0.httpLimits.fields = 1 << 20 }, page: { _ in .text("never") })
        let name = String(repeating: "a", count: 70_000)
        let answer = await script.answer("GET / HTTP/1.1\r\nHost: a\r\n\(name): 1\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 431 "))
    }

    @Test func `more than 30 combining marks in a row are rejected in headers and paths (Unicode UAX 15)`() async throws
    {
        try script.serve { _ in .text("x") }
        let marks = String(repeating: "\u{301}\u{323}", count: 16)
        let coded = marks.utf8.map { "%" + String($0, radix: 16) }.joined()
        let header = await script.answer("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: a\(marks)\r\n\r\n")
        #expect(header.hasPrefix("HTTP/1.1 400 ") && header.contains("combining marks"))
        let path = await script.answer("GET /a\(coded)/ HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(path.hasPrefix("HTTP/1.1 400 ") && path.contains("combining marks"))
        let few = await script.answer("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{301}\u{323}b\u{301}\r\n\r\n")
        #expect(few.hasPrefix("HTTP/1.1 200 "))
    }

    /// CVE-2026-44546: bytes that Python's `splitlines` treats as line endings.
    @Test(arguments: [UInt8(0x0B), 0x0C, 0x1C, 0x1D, 0x1E, 0x85], [true, false])
    func `bytes that some parsers treat as line endings are rejected`(byte: UInt8, isUpgrade: Bool) async throws {
        try script.serveSocket()
        let client = await script.connect()
        let head = isUpgrade ? Socket.request().dropLast(2) : "GET / HTTP/1.1\r\nHost: site\r\n"
        await client.send(Array("\(head)X-A: b".utf8) + [byte] + Array("Daphne-Root-Path: /evil\r\n\r\n".utf8))
        #expect(client.text.hasPrefix("HTTP/1.1 400 "), "\(client.text)")
        #expect(client.end == .finished)
        #expect(script.lines == [])
    }

    @Test func `a request line over the limit gets 414, and headers over it get 431 (RFC 6585 §5)`() async throws {
        try script.serve { _ in .text("x") }
        let long = String(repeating: "a", count: 20_000)
        #expect(await script.answer("GET /\(long)").hasPrefix("HTTP/1.1 414 "))
        #expect(await script.answer("GET / HTTP/1.1\r\nX: \(long)").hasPrefix("HTTP/1.1 431 "))
        let many = String(repeating: "x: y\r\n", count: 101)
        #expect(await script.answer("GET / HTTP/1.1\r\nHost: a\r\n\(many)\r\n").hasPrefix("HTTP/1.1 431 "))
    }

    @Test func `an invalid chunk fails the body's reader and gets 400 (RFC 9112 §7.1)`() async throws {
        let journal = script.journal
        try script.serve { request in
            do { _ = try await request.body.collect(upTo: 1000) } catch { journal.note("failed") }
            return .text("x")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        await client.send("xyz\r\n")
        #expect(client.text.hasPrefix("HTTP/1.1 400 "))
        #expect(client.text.split(separator: "HTTP/1.1 ").count == 1)
        #expect(client.end == .finished)
        #expect(journal.lines == ["failed"])
    }

    @Test func `an error in a handler gets 500 without details and is logged`() async throws {
        struct Secret: Error {}
        try script.serve { _ in throw Secret() }
        let client = await script.connect()
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(client.text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
        #expect(client.text.hasSuffix("\r\n\r\nInternal Server Error\n"))
        #expect(script.log.lines == ["error GET failed: Secret() path=/"])
        #expect(client.end == .open)
    }

    @Test func `an HTTPError is answered with its status`() async throws {
        script.serve(
            try URLRouter {
                path("gone") { _ in throw HTTPError(.gone, "It was here.") }
                path("down") { _ in throw HTTPError(.serviceUnavailable, "The database at 10.0.0.9 is down.") }
            })
        let gone = await script.answer("GET /gone HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(gone.hasPrefix("HTTP/1.1 410 ") && gone.hasSuffix("\r\n\r\nIt was here.\n"))
        let down = await script.answer("GET /down HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(down.hasPrefix("HTTP/1.1 503 ") && !down.contains("10.0.0.9"))
        #expect(script.log.lines == ["error The database at 10.0.0.9 is down. path=/down"])
    }

    @Test func `an unknown path gets 404, and a plain request to a WebSocket path gets 426`() async throws {
        try script.serveSocket()
        #expect(await script.answer("GET /no HTTP/1.1\r\nHost: site\r\n\r\n").hasPrefix("HTTP/1.1 404 "))
        let plain = await script.answer("GET /ws/ HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(plain.hasPrefix("HTTP/1.1 426 ") && plain.contains("\r\nUpgrade: websocket\r\n"))
        #expect(plain.contains("\r\nConnection: Upgrade\r\n"))
        #expect(await script.answer(Socket.request("/no")).hasPrefix("HTTP/1.1 404 "))
        #expect(await script.answer(Socket.request("/")).hasPrefix("HTTP/1.1 404 "))
    }

    @Test func `a fixed response answers GET and HEAD, and other methods get 405`() async throws {
        script.serve(try URLRouter { path("page", Endpoint.response(.html("<p>hi</p>"))) })
        #expect(await script.answer("GET /page HTTP/1.1\r\nHost: site\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        #expect(await script.answer("HEAD /page HTTP/1.1\r\nHost: site\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        let post = await script.answer("POST /page HTTP/1.1\r\nHost: site\r\nContent-Length: 0\r\n\r\n")
        #expect(post.hasPrefix("HTTP/1.1 405 ") && post.contains("\r\nAllow: GET, HEAD\r\n"))
        #expect(await script.answer(Socket.request("/page")).hasPrefix("HTTP/1.1 404 "))
    }

    @Test func `a response with an invalid header gets 500`() async throws {
        try script.serve { _ in
            var response = Response.text("x")
            response.headers["x-a"] = "b\r\nset-cookie: evil=1"
            return response
        }
        let text = await script.answer("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 500 ") && !text.contains("evil"))
        #expect(script.log.lines.count == 1)
    }
}
