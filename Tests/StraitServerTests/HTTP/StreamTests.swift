import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct Streams {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    @Test func `a streamed response is sent in chunks as it is written (RFC 9112 §7.1)`() async throws {
        let gate = script.gate()
        let loop = script.loop
        let journal = script.journal
        try script.serve { _ in
            .stream(type: .text) { writer in
                journal.note("\(loop.isOnLoop)")
                try await writer.write("hello")
                await gate.wait()
                journal.note("\(loop.isOnLoop)")
                try await writer.write("")
                try await writer.write(" you")
            }
        }
        let client = await script.connect()
        await client.send(get)
        #expect(client.text.contains("\r\nTransfer-Encoding: chunked\r\n"))
        #expect(client.text.hasSuffix("\r\n\r\n5\r\nhello\r\n"))
        await gate.open()
        await script.idle()
        #expect(client.text.hasSuffix("\r\n\r\n5\r\nhello\r\n4\r\n you\r\n0\r\n\r\n"))
        #expect(journal.lines == ["true", "true"])
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" 200 9"#])
        await client.send(get)
        #expect(client.text.hasSuffix("\r\n0\r\n\r\n"))
    }

    @Test func `an empty stream sends only the last chunk`() async throws {
        try script.serve { _ in .stream(type: .text) { _ in } }
        #expect(await script.answer(get).hasSuffix("\r\n\r\n0\r\n\r\n"))
    }

    @Test func `an HTTP/1.0 client gets a stream that ends with the connection (RFC 9112 §6.3)`() async throws {
        try script.serve { _ in .stream(type: .text) { try await $0.write("hello") } }
        let client = await script.connect()
        await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(client.text.hasSuffix("\r\n\r\nhello"))
        #expect(client.end == .finished)
    }

    @Test func `a writer waits for a slow client`() async throws {
        let journal = script.journal
        try script.serve { _ in
            .stream(type: .text) { writer in
                for _ in 0..<100 {
                    try await writer.write(Bytes([UInt8](repeating: 120, count: 10_000)))
                    journal.note("written")
                }
            }
        }
        let client = await script.connect(NetworkConditions(capacity: 20_000))
        await client.pauseReading()
        await client.send(get)
        let written = journal.lines.count
        #expect(written > 5 && written < 12)
        await client.readOnce()
        await client.resumeReading()
        #expect(journal.lines.count == 100)
        #expect(client.text.hasSuffix("\r\n0\r\n\r\n"))
    }

    @Test func `a client that disconnects or stalls fails the writer`() async throws {
        for how in ["abort", "leave", "stall"] {
            let script = ServerScript()
            let journal = script.journal
            try script.serve { _ in
                .stream(type: .text) { writer in
                    do {
                        while true { try await writer.write(Bytes([UInt8](repeating: 120, count: 10_000))) }
                    } catch {
                        journal.note("\(error)")
                        throw error
                    }
                }
            }
            let client = await script.connect()
            await client.pauseReading()
            await client.send(get)
            #expect(journal.lines == [])
            switch how {
            case "abort": await client.abort()
            case "leave": await client.leave()
            default: await script.advance(.seconds(30))
            }
            #expect(journal.lines.count == 1, "\(how)")
            #expect(script.server.connectionCount == 0, "\(how)")
            #expect(script.log.lines == [], "\(how)")
        }
    }

    @Test func `a stream that awaits something else is cancelled when its client disconnects`() async throws {
        let journal = script.journal
        let loop = script.loop
        try script.serve { _ in
            .stream(type: .text) { writer in
                try await writer.write("retry: 1000\n\n")
                do { try await LoopClock(loop: loop).sleep(for: .seconds(3600)) } catch {
                    journal.note("\(error)")
                    throw error
                }
            }
        }
        let client = await script.connect()
        await client.send(get)
        await client.leave()
        await script.idle()
        #expect(journal.lines == ["CancellationError()"])
        #expect(script.server.connectionCount == 0)
    }

    @Test func `a stream that fails resets the connection, so that it does not look complete`() async throws {
        struct Broken: Error {}
        try script.serve { _ in
            .stream(type: .text) { writer in
                try await writer.write("half")
                throw Broken()
            }
        }
        let client = await script.connect()
        await client.send(get)
        #expect(!client.text.contains("0\r\n\r\n"))
        #expect(client.end == .reset)
        #expect(script.log.lines == ["error The response failed: Broken() path=/"])
    }

    @Test func `a file is sent with its length, even to a client that finished sending`() async throws {
        // This source file, and a file that does not exist.
        script.serve(
            try URLRouter {
                path("file") { _ in .file(#filePath) }
                path("none") { _ in .file(#filePath + ".none") }
                path("folder") { _ in .file("/tmp") }
            })
        let client = await script.connect(NetworkConditions(capacity: 1000))
        await client.send("GET /file HTTP/1.1\r\nHost: site\r\n\r\n")
        await client.finish()
        await script.until { client.end == .finished }
        #expect(client.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(client.text.hasSuffix("// The last line of the file.\n"))
        #expect(client.text.contains("\r\nContent-Length: "))
        for path in ["/none", "/folder"] {
            let other = await script.connect()
            await other.send("GET \(path) HTTP/1.1\r\nHost: site\r\n\r\n")
            await script.until { other.text != "" }
            #expect(other.text.hasPrefix("HTTP/1.1 404 "))
        }
    }
}

// The last line of the file.
