import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct Requests {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    @Test func `a response has its length, a date and the server's name`() async throws {
        try script.serve { _ in .html("<p>hi</p>") }
        let client = await script.connect()
        await client.send(get)
        #expect(
            client.text == "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9\r\n"
                + "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\nServer: strait\r\n\r\n<p>hi</p>")
        #expect(client.end == .open)
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" 200 9"#])
    }

    @Test func `the connection is kept open for the next request (RFC 9112 §9.3)`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        for _ in 0..<3 {
            await client.send(get)
            #expect(client.take().hasSuffix("\r\n\r\nx"))
        }
        await client.send("GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n")
        #expect(client.text.contains("\r\nConnection: close\r\n"))
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `pipelined requests are answered in order (RFC 9112 §9.3.2)`() async throws {
        let gates = [script.gate(), script.gate()]
        let journal = script.journal
        script.serve(
            try URLRouter {
                path("<int:n>") { request in
                    let n = request.urlRoute.kwargs["n"] as! Int
                    journal.note("begin \(n)")
                    if n < 2 { await gates[n].wait() }
                    return .text("<\(n)>")
                }
            })
        let client = await script.connect()
        await client.send((0..<3).map { "GET /\($0) HTTP/1.1\r\nHost: site\r\n\r\n" }.joined())
        #expect(script.journal.lines == ["begin 0"])
        await gates[1].open()
        await script.idle()
        #expect(client.text == "")
        await gates[0].open()
        await script.idle()
        #expect(
            client.text.split(separator: "\r\n").filter { $0.hasPrefix("<") }.map { $0.prefix(3) } == [
                "<0>", "<1>", "<2>",
            ])
        #expect(script.journal.lines == ["begin 0", "begin 1", "begin 2"])
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func `requests are parsed identically, however they are split`(seed: UInt64) async throws {
        try script.serve { request in .text(String(utf8: try await request.body.collect(upTo: 1000)) ?? "") }
        let client = await script.connect(
            NetworkConditions(seed: seed, capacity: 97, largestWrite: 7))
        let post = "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 5\r\n\r\nhello"
        let chunks =
            "POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        await client.send(post + chunks + get + post)
        let text = client.text
        #expect(text.split(separator: "HTTP/1.1 200 OK").count == 4, "seed \(seed)")
        #expect(text.split(separator: "\r\n\r\n").map { $0.prefix(5) }.contains("hello"))
        #expect(text.contains("\r\n\r\nabcde"))
    }

    @Test func `HEAD gets the headers of GET without the body (RFC 9110 §9.3.2)`() async throws {
        script.serve(
            try URLRouter {
                path("") { _ in .text("hello") }
                path("stream") { _ in .stream(type: .text) { try await $0.write("never") } }
            })
        let client = await script.connect()
        await client.send("HEAD / HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(client.text.contains("\r\nContent-Length: 5\r\n"))
        #expect(client.take().hasSuffix("\r\n\r\n"))
        await client.send("HEAD /stream HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(client.take().hasSuffix("\r\n\r\n"))
        await client.send(get)
        #expect(client.text.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `an HTTP/1.0 connection is closed unless it requests keep-alive (RFC 9112 §9.3)`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        await client.send("GET / HTTP/1.0\r\n\r\n")
        #expect(client.text.contains("\r\nConnection: close\r\n"))
        #expect(client.end == .finished)
        let kept = await script.connect()
        await kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(kept.text.contains("\r\nConnection: keep-alive\r\n"))
        #expect(kept.end == .open)
    }

    @Test func `a body is delivered as it arrives`() async throws {
        let journal = script.journal
        try script.serve { request in
            for try await piece in request.body { journal.note(String(decoding: piece, as: UTF8.self)) }
            return .text("done")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n")
        await client.send("5\r\nhello\r\n")
        #expect(journal.lines == ["hello"])
        await client.send("3\r\nyou")
        await client.send("\r\n0\r\nX-Trailer: 1\r\n\r\n")
        #expect(journal.lines == ["hello", "you"])
        #expect(client.text.hasSuffix("done"))
    }

    @Test(arguments: [true, false])
    func `a handler that reads slowly slows its client down and loses nothing`(isChunked: Bool) async throws {
        let gate = script.gate()
        let journal = script.journal
        let total = 2_000_000
        try script.serve { request in
            await gate.wait()
            var count = 0
            var next: UInt8 = 0
            var isSame = true
            for try await piece in request.body {
                for byte in piece {
                    if byte != next { isSame = false }
                    next = next &+ 1
                }
                count += piece.count
                if count < 300_000 { await gate.wait() }
            }
            journal.note("\(count) \(isSame)")
            return .text("done")
        }
        let client = await script.connect(NetworkConditions(seed: 1, capacity: 32 << 10))
        let body = (0..<total).map { UInt8(truncatingIfNeeded: $0) }
        if isChunked {
            await client.send("POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n")
            await client.send(Array("\(String(total, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8))
        } else {
            await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: \(total)\r\n\r\n")
            await client.send(body)
        }
        // The server has read only the bytes that wait for the handler, one read more, and those in transit.
        #expect(await client.unsent > total - 400_000)
        await gate.pass()
        await script.idle()
        #expect(await client.unsent > total - 600_000)
        await gate.open()
        await script.idle()
        #expect(journal.lines == ["\(total) true"])
        #expect(client.text.hasSuffix("done"))
        #expect(await client.unsent == 0)
    }

    @Test func `a client does not time out while the server pauses reading for a slow handler`() async throws {
        let gate = script.gate()
        try script.serve { request in
            await gate.wait()
            return .text("\(try await request.body.collect(upTo: 1 << 20).count)")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 500000\r\n\r\n")
        await client.send([UInt8](repeating: 1, count: 500_000))
        await script.advance(.seconds(300))
        #expect(client.text == "")
        await gate.open()
        await script.idle()
        #expect(client.text.hasSuffix("\r\n\r\n500000"))
    }

    @Test func `a body over the handler's limit gets 413 (RFC 9110 §15.5.14)`() async throws {
        try script.serve { request in .text("\(try await request.body.collect(upTo: 10).count)") }
        let announced = await script.connect()
        await announced.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 11\r\n\r\n")
        #expect(announced.text.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        // The body is read and discarded, and the connection stays open.
        await announced.send("12345678901" + get)
        #expect(announced.text.contains("HTTP/1.1 200 OK\r\n"))
        let chunked = await script.answer(
            "POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n")
        #expect(chunked.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
    }

    @Test func `a body over the server's limit gets 413, and the connection is closed`() async throws {
        try script.serve(configure: { $0.httpLimits.body = 10 }, page: { _ in .text("x") })
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 11\r\n\r\n")
        #expect(client.text.hasPrefix("HTTP/1.1 413 "))
        #expect(client.end == .finished)
    }

    @Test func `an unread body is discarded, and the connection stays open`() async throws {
        try script.serve { _ in .text("x") }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 100000\r\n\r\n")
        await client.send([UInt8](repeating: 1, count: 100_000))
        // The keep-alive timeout applies as after any request.
        await script.advance(.seconds(50))
        await client.send(get)
        #expect(client.text.split(separator: "HTTP/1.1 200 OK").count == 2)
        #expect(client.end == .open)
    }

    @Test func `only a limited amount of an unread body is discarded before the connection is closed`() async throws {
        let journal = script.journal
        try script.serve { _ in
            journal.note("request")
            return .text("x")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 300000\r\n\r\n")
        await client.send([UInt8](repeating: 1, count: 300_000) + Array(get.utf8))
        #expect(client.end == .finished)
        #expect(journal.lines == ["request"])
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that has finished sending still gets its response`() async throws {
        let gate = script.gate()
        try script.serve { request in
            await gate.wait()
            return .text("x")
        }
        let client = await script.connect()
        await client.send(get)
        await client.finish()
        #expect(client.text == "")
        await gate.open()
        await script.idle()
        #expect(client.text.hasSuffix("\r\n\r\nx"))
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a client that has finished sending gets the responses to all pipelined requests`() async throws {
        let gate = script.gate()
        try script.serve { _ in
            await gate.wait()
            return .text("x")
        }
        let client = await script.connect()
        await client.send(get + get + get)
        await client.finish()
        await gate.open()
        await script.idle()
        #expect(client.text.split(separator: "HTTP/1.1 200 OK").count == 3)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a truncated body fails its reader and gets no response`() async throws {
        let journal = script.journal
        try script.serve { request in
            do { _ = try await request.body.collect(upTo: 1000) } catch { journal.note("\(error)") }
            return .text("x")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 10\r\n\r\n12345")
        await client.finish()
        #expect(journal.lines == ["The peer reset the connection."])
        #expect(client.text == "")
        #expect(script.server.connectionCount == 0)
        #expect(script.log.lines == [])
    }

    @Test func `headers keep their order, and headers with an underscore are dropped`() async throws {
        try script.serve { request in
            .text(request.headers.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
        }
        let text = await script.answer(
            "GET / HTTP/1.1\r\nHost: site\r\nX-A: 1\r\nX_A: evil\r\nx-b:  2 \r\nX-A: 3\r\n\r\n")
        #expect(text.hasSuffix("\r\n\r\nhost=site|x-a=1|x-b=2|x-a=3"))
    }

    @Test func `the scope has the decoded and the raw path`() async throws {
        script.serve(
            try URLRouter {
                rePath(#/.*/#) { request in
                    .text("\(request.path) \(request.scope.rawPath) \(request.scope.queryString)")
                }
            })
        #expect(
            await script.answer("GET /foo%2Fbar?a=%20b HTTP/1.1\r\nHost: site\r\n\r\n")
                .hasSuffix("\r\n\r\n/foo/bar /foo%2Fbar a=%20b"))
    }

    @Test func `the Server header can be changed or omitted`() async throws {
        for (name, expected) in [("daphne" as String?, "\r\nServer: daphne\r\n"), (nil, "Server:")] {
            let script = ServerScript()
            try script.serve(configure: { $0.serverName = name }, page: { _ in .text("x") })
            #expect(await script.answer(get).contains(expected) == (name != nil))
        }
    }

    @Test(arguments: ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "PATCH", "BREW"])
    func `any method reaches its handler`(method: String) async throws {
        try script.serve { .text($0.method.rawValue, status: HTTPStatus(218)) }
        let text = await script.answer("\(method) / HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 218 "))
        #expect(text.hasSuffix(method == "HEAD" ? "\r\n\r\n" : "\r\n\r\n\(method)"))
    }

    @Test func `CONNECT gets 501`() async throws {
        try script.serve { _ in .text("x") }
        #expect(
            await script.answer("CONNECT site:443 HTTP/1.1\r\nHost: site:443\r\n\r\n").hasPrefix("HTTP/1.1 501 "))
    }
}
