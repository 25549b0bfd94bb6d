import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Handshakes {
    private let script = ServerScript()

    @Test func `an accepted handshake gets the headers that RFC 6455 §4.2.2 requires`() async throws {
        try script.serveSocket()
        let socket = await Socket.open(script)
        #expect(
            socket.head == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                + "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\nServer: strait\r\n\r\n")
        #expect(script.lines == ["connect"])
        #expect(
            script.access.lines == [
                #"10.0.0.1:5001 - - [date] "WSCONNECTING /ws/" - -"#, #"10.0.0.1:5001 - - [date] "WSCONNECT /ws/" - -"#,
            ])
    }

    @Test func `a handshake that the consumer closes before accepting gets 403`() async throws {
        try script.serveSocket(connect: { probe in
            probe.close(4000, reason: "no")
            try await probe.clock.sleep(for: .seconds(1))
            probe.note("connect goes on")
        })
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        await script.advance(.seconds(1))
        // The handler that rejected the handshake is not cancelled.
        #expect(
            script.lines == ["connect", "connect goes on", "disconnect 1006 The handshake was refused. unclean"])
        #expect(
            script.access.lines == [
                #"10.0.0.1:5001 - - [date] "WSCONNECTING /ws/" - -"#,
                #"10.0.0.1:5001 - - [date] "WSREJECT /ws/" 403 -"#,
            ])
        #expect(script.journal.lines.last == "gone")
        // The connection can still be used for requests.
        #expect(client.end == .open)
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(client.text.hasSuffix("\r\n\r\npage"))
    }

    @Test func `a handshake can be denied with any response`() async throws {
        try script.serveSocket(connect: { probe in
            probe.deny(Response(status: .tooManyRequests, headers: ["retry-after": "5"], body: .bytes(Bytes("later"))))
            probe.send(text: "never")
            probe.accept()
        })
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n"))
        #expect(client.text.hasSuffix("\r\n\r\nlater"))
        #expect(script.lines == ["connect", "disconnect 1006 The handshake was refused. unclean"])
    }

    @Test func `a handshake can be denied with a streamed response`() async throws {
        try script.serveSocket(connect: { $0.deny(.stream(status: .gone, type: .text) { try await $0.write("long") }) })
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 410 Gone\r\n"))
        #expect(client.text.hasSuffix("\r\n\r\n4\r\nlong\r\n0\r\n\r\n"))
    }

    @Test(arguments: [(false, "404 Not Found"), (true, "500 Internal Server Error")])
    func `a handshake that fails or has no route is resolved only once`(fails: Bool, status: String) async {
        struct Broken: Error {}
        struct Refusing: Application {
            let journal: Journal
            let fails: Bool
            func resolve(_ scope: Scope) async throws -> Resolution? {
                guard case .resolved(let found) = try resolveNow(scope) else { return nil }
                return found
            }
            func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
                journal.note("asked for \(scope.path)")
                if fails { throw Broken() }
                return .resolved(nil)
            }
        }
        script.serve(Refusing(journal: script.journal, fails: fails))
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 \(status)\r\n"))
        #expect(script.journal.lines.filter { $0 == "asked for /ws/" }.count == 1)
    }

    @Test func `an error in connect() gets 500 and is logged`() async throws {
        struct Broken: Error {}
        try script.serveSocket(connect: { _ in throw Broken() })
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 500 "))
        #expect(script.log.lines == ["error Probe failed: Broken() path=/ws/"])
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
        #expect(script.access.lines.last == #"10.0.0.1:5001 - - [date] "WSREJECT /ws/" 500 -"#)
    }

    @Test func `a consumer that does not decide in time is cancelled, logged and answered with 503`() async throws {
        try script.serveSocket(connect: { probe in
            do { try await probe.clock.sleep(for: .seconds(60)) } catch { probe.note("cancelled") }
            probe.accept()
        })
        let client = await script.connect()
        await client.send(Socket.request())
        await script.advance(.milliseconds(4_999))
        #expect(client.text == "")
        await script.advance(.milliseconds(1))
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(
            script.lines == ["connect", "cancelled", "disconnect 1006 The handshake took too long. unclean"])
        #expect(
            script.log.lines == [
                """
                warning The handshake was refused because the consumer did not decide within \
                ServerConfiguration.handshakeTimeout. Its connect() must call accept(), close() or deny(). path=/ws/ \
                consumer=Probe
                """
            ])
        #expect(script.access.lines.last == #"10.0.0.1:5001 - - [date] "WSREJECT /ws/" 503 -"#)
    }

    @Test func `a connect() that returns without a decision gets 503 after the timeout`() async throws {
        try script.serveSocket(connect: { _ in })
        let client = await script.connect()
        await client.send(Socket.request())
        await script.advance(.seconds(5))
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(script.lines.count == 2)
    }

    @Test(arguments: ["abort", "finish", "frames and finish"])
    func `a client that disconnects during the handshake cancels connect()`(how: String) async throws {
        try script.serveSocket(connect: { probe in
            do { try await probe.clock.sleep(for: .seconds(4)) } catch { probe.note("cancelled") }
            probe.accept()
        })
        let client = await script.connect()
        await client.send(Socket.request())
        if how == "abort" {
            await client.abort()
        } else {
            if how != "finish" { await client.send(Socket.text("hi")) }
            await client.finish()
        }
        #expect(script.lines.count == 3, "\(script.lines)")
        #expect(script.lines.starts(with: ["connect", "cancelled"]))
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
        #expect(client.text == "")
        #expect(script.server.connectionCount == 0)
        #expect(script.access.lines.last == #"10.0.0.1:5001 - - [date] "WSDISCONNECT /ws/" 1006 -"#)
        #expect(script.log.lines == [])
    }

    @Test func `a consumer can choose an offered subprotocol (RFC 6455 §4.2.2)`() async throws {
        try script.serveSocket(connect: { probe in
            probe.note(probe.scope.subprotocols.joined(separator: " "))
            probe.accept(subprotocol: probe.scope.subprotocols.last)
        })
        let socket = await Socket.open(script, "/ws/", ["Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Protocol: c"])
        #expect(socket.head.contains("\r\nSec-WebSocket-Protocol: c\r\n"))
        #expect(script.lines.last == "a b c")
    }

    @Test func `choosing a subprotocol that was not offered gets 500`() async throws {
        try script.serveSocket(connect: { $0.accept(subprotocol: "x") })
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 500 "))
        #expect(script.log.lines.count == 1)
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
    }

    @Test func `accept() can add headers, except those of the handshake itself`() async throws {
        try script.serveSocket(connect: { $0.accept(headers: ["x-a": "1", "set-cookie": "a=b"]) })
        let socket = await Socket.open(script)
        #expect(socket.head.contains("\r\nX-A: 1\r\nSet-Cookie: a=b\r\n"))
        let other = ServerScript()
        try other.serveSocket(connect: { $0.accept(headers: ["sec-websocket-accept": "x"]) })
        let client = await other.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 500 "))
    }

    @Test func `any request of a connection can be a WebSocket handshake`() async throws {
        try script.serveSocket()
        let client = await script.connect()
        for _ in 0..<3 {
            await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
            #expect(client.take().hasSuffix("page"))
        }
        await client.send(Socket.request() + String(decoding: Socket.text("hi"), as: UTF8.self))
        let socket = Socket(client)
        #expect(socket.head.hasPrefix("HTTP/1.1 101 "))
    }

    @Test func `messages sent right after the handshake request wait for accept()`() async throws {
        let gate = script.gate()
        try script.serveSocket(connect: { probe in
            await gate.wait()
            probe.accept()
        })
        let client = await script.connect()
        await client.send(Array(Socket.request().utf8) + Socket.text("one") + Socket.text("two") + [0x81])
        #expect(script.lines == ["connect"])
        await gate.open()
        await script.idle()
        await client.send(Array(Socket.text("three").dropFirst()))
        #expect(script.lines == ["connect", "receive one", "receive two", "receive three"])
        #expect(Socket(client).frames == ["text one", "text two", "text three"])
    }

    @Test func `a handshake, a message and a close can arrive in one piece`() async throws {
        try script.serveSocket()
        let client = await script.connect()
        await client.send(Array(Socket.request().utf8) + Socket.text("one") + Socket.close(1000))
        #expect(script.lines == ["connect", "receive one", "disconnect 1000"])
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 0)
        #expect(
            script.access.lines.map { $0.split(separator: "\"")[1] } == [
                "WSCONNECTING /ws/", "WSCONNECT /ws/", "WSDISCONNECT /ws/",
            ])
    }

    @Test(arguments: [
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
        ("Connection: Upgrade", "Connection: close", 400),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: short", 400),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X: y", 400), ("GET ", "POST ", 400),
    ])
    func `an invalid handshake is rejected with the right status (RFC 6455 §4.2.2)`(
        part: String, wrong: String, status: Int
    ) async throws {
        try script.serveSocket()
        let request = Socket.request()
        let range = try #require(request.firstRange(of: part))
        let text = await script.answer(request.replacingCharacters(range, wrong))
        #expect(text.hasPrefix("HTTP/1.1 \(status) "))
        #expect(text.contains("\r\nSec-WebSocket-Version: 13\r\n") == (status == 426))
        #expect(script.lines == [])
    }

    @Test func `a foreign Origin gets 403 and is logged, and a missing Origin is accepted`() async throws {
        try script.serveSocket()
        let foreign = await script.answer(Socket.request("/ws/", ["Origin: http://evil.example"]))
        #expect(foreign.hasPrefix("HTTP/1.1 403 "))
        #expect(script.log.lines.count == 1 && script.log.lines[0].contains("http://evil.example"))
        #expect(script.lines == [])
        #expect(await script.answer(Socket.request("/ws/", ["Origin: http://site"])).hasPrefix("HTTP/1.1 101 "))
        #expect(await script.answer(Socket.request()).hasPrefix("HTTP/1.1 101 "))
        let open = ServerScript()
        try open.serveSocket(configure: { $0.checksOrigin = false })
        #expect(await open.answer(Socket.request("/ws/", ["Origin: http://evil.example"])).hasPrefix("HTTP/1.1 101 "))
    }

    @Test func `a handshake over HTTP/1.0 gets 426 (RFC 9110 §7.8)`() async throws {
        try script.serveSocket()
        let request = Socket.request()
        let range = try #require(request.firstRange(of: "HTTP/1.1"))
        #expect(await script.answer(request.replacingCharacters(range, "HTTP/1.0")).hasPrefix("HTTP/1.1 426 "))
    }

    // MARK: Invalid output

    private func expectRefusedHeader() async {
        let client = await script.connect()
        await client.send(Socket.request())
        #expect(client.text.hasPrefix("HTTP/1.1 500 "))
        #expect(script.log.lines.count == 1)
        #expect(
            script.log.lines.first
                == #"""
                error The handshake could not be accepted: The value "a\nb" of the header 'x-user' contains a \#
                control character, which could start another header (RFC 9110 §5.5). path=/ws/ consumer=Probe
                """#
        )
        #expect(script.lines.last?.hasPrefix("disconnect 1006") == true)
    }

    @Test func `an invalid header from a consumer gets 500 (RFC 9110 §5.5)`() async throws {
        try script.serveSocket(connect: { $0.accept(headers: ["x-user": "a\nb"]) })
        await expectRefusedHeader()
    }

    @Test func `an invalid header from a middleware gets 500 (RFC 9110 §5.5)`() async throws {
        let journal = script.journal
        script.serve(AddsUser(inner: try URLRouter { path("ws/", Probe(journal)) }))
        await expectRefusedHeader()
    }

    @Test func `a path cannot forge log lines or keys`() async throws {
        struct Broken: Error {}
        let journal = script.journal
        script.serve(
            try URLRouter { path("ws/<str:name>/", Probe(journal, connect: { _ in throw Broken() })) })
        let client = await script.connect()
        await client.send(Socket.request("/ws/x%0A2026-11-21%20ERROR%20forged%1B[2J/"))
        #expect(
            script.log.lines == [#"error Probe failed: Broken() path="/ws/x\n2026-11-21 ERROR forged\u{1b}[2J/""#])
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, _ text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}

/// Adds an invalid header to the accepting response.
private struct AddsUser: Middleware {
    let inner: any Application

    func resolve(_ scope: Scope) async throws -> Resolution? {
        var resolution = try await inner.resolve(scope)
        resolution?.onAccept { $0["x-user"] = "a\nb" }
        return resolution
    }
}
