import StraitCore
import StraitHTTP
import StraitServer
import StraitTesting
import Testing

@Suite struct Bodies {
    private let script = ServerScript()

    private func head(_ length: Int) -> String {
        "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test(arguments: [65_536, 100_000, 131_072])
    func `a body whose last piece fills the buffer is complete`(length: Int) async throws {
        try script.serve { .text("\(try await $0.body.collect(upTo: 1 << 20).count)") }
        let client = await script.connect(NetworkConditions(capacity: 128 << 10))
        await client.send(head(length))
        await client.send([UInt8](repeating: 1, count: length))
        #expect(client.text.hasSuffix("\r\n\r\n\(length)"))
    }

    @Test func `a stalled body gets 408, even if its reader was slow before`() async throws {
        try script.serve { .text("\(try await $0.body.collect(upTo: 1 << 20).count)") }
        let client = await script.connect(NetworkConditions(capacity: 128 << 10))
        await client.send(head(200_000))
        await client.send([UInt8](repeating: 1, count: 70_000))
        await script.advance(.seconds(30))
        #expect(client.text.hasPrefix("HTTP/1.1 408 "))
        #expect(script.server.connectionCount == 0)
    }

    @Test(arguments: [70_000, 140_000])
    func `a stalled body that no handler reads closes the connection`(sent: Int) async throws {
        try script.serve { _ in .notFound }
        let client = await script.connect(NetworkConditions(capacity: 128 << 10))
        await client.send(Array(head(200_000).utf8) + [UInt8](repeating: 1, count: sent))
        #expect(client.text.hasPrefix("HTTP/1.1 404 "))
        await script.advance(.seconds(30))
        #expect(client.end == .finished)
        #expect(script.server.connectionCount == 0)
    }

    @Test func `the keep-alive timeout starts after an unread body`() async throws {
        try script.serve { _ in .notFound }
        let client = await script.connect(NetworkConditions(capacity: 128 << 10))
        await client.send(head(65_536))
        await client.send([UInt8](repeating: 1, count: 65_536))
        await script.advance(.milliseconds(59_999))
        #expect(client.end == .open)
        await script.advance(.milliseconds(1))
        #expect(client.end == .finished)
    }

    @Test func `a body in one-byte chunks is delivered in few pieces (RFC 9112 §7.1)`() async throws {
        let gate = script.gate()
        let journal = script.journal
        try script.serve { request in
            var pieces = 0
            var bytes: [UInt8] = []
            await gate.wait()
            for try await piece in request.body {
                pieces += 1
                bytes += piece
            }
            journal.note("\(pieces < 10) \(bytes == [UInt8](repeating: 120, count: 50_000))")
            return .text("done")
        }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n")
        await client.send(String(repeating: "1\r\nx\r\n", count: 50_000) + "0\r\n\r\n")
        await gate.open()
        await script.idle()
        #expect(journal.lines == ["true true"])
    }

    @Test func `cancellation ends a waiting body reader`() async throws {
        let journal = script.journal
        // The task group's body may run off the loop, which must not touch a gate.
        let (enough, isEnough) = AsyncStream<Void>.makeStream()
        try script.serve { request in
            await withThrowingTaskGroup { group in
                group.addTask {
                    for try await piece in request.body { journal.note("\(piece.count)") }
                }
                for await _ in enough {}
                group.cancelAll()
                do { _ = try await group.next() } catch { journal.note("\(error)") }
                return .text("late")
            }
        }
        let client = await script.connect()
        await client.send(head(10) + "12345")
        await script.until { journal.lines == ["5"] }
        isEnough.finish()
        await script.until { client.text != "" }
        #expect(client.text.hasSuffix("\r\n\r\nlate"))
        #expect(journal.lines == ["5", "CancellationError()"])
    }

    @Test func `cancellation ends a response writer that waits for its client`() async throws {
        let journal = script.journal
        let (enough, isEnough) = AsyncStream<Void>.makeStream()
        try script.serve { _ in
            .stream(type: .text) { writer in
                await withThrowingTaskGroup { group in
                    group.addTask {
                        while true {
                            try await writer.write(String(repeating: "x", count: 10_000))
                            journal.note("written")
                        }
                    }
                    for await _ in enough {}
                    group.cancelAll()
                    do { _ = try await group.next() } catch { journal.note("\(error)") }
                }
            }
        }
        let client = await script.connect()
        await client.pauseReading()
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        await script.until { journal.lines.count >= 12 }
        isEnough.finish()
        await script.until { journal.lines.last == "CancellationError()" }
        #expect(journal.lines.last == "CancellationError()")
        await client.resumeReading()
        await script.until { client.text.hasSuffix("\r\n0\r\n\r\n") }
        #expect(client.text.hasSuffix("\r\n0\r\n\r\n"))
    }

    @Test func `a second concurrent body reader or response writer gets an error`() async throws {
        let journal = script.journal
        try script.serve { request in
            await withThrowingTaskGroup { group in
                for _ in 0..<2 { group.addTask { try await request.body.collect(upTo: 1000).count } }
                do { _ = try await group.next() } catch { journal.note("\(error)") }
                group.cancelAll()
            }
            return .stream(type: .text) { writer in
                await withThrowingTaskGroup { group in
                    for _ in 0..<2 {
                        group.addTask { try await writer.write(String(repeating: "x", count: 300_000)) }
                    }
                    do { _ = try await group.next() } catch { journal.note("\(error)") }
                    group.cancelAll()
                }
            }
        }
        let client = await script.connect()
        await client.pauseReading()
        await client.send(head(10))
        await script.until { journal.lines.count == 2 }
        #expect(
            journal.lines == [
                """
                Another task is already reading the request's body. Read it in one task, and pass the bytes \
                on from there.
                """,
                """
                Another task is already writing the response. Write it in one task, or wait for the other task \
                to finish.
                """,
            ])
    }

    @Test func `a waiting body reader fails when the stop timeout ends`() async throws {
        let journal = script.journal
        try script.serve { request in
            do { _ = try await request.body.collect(upTo: 1000) } catch { journal.note("\(error)") }
            return .text("x")
        }
        let client = await script.connect()
        await client.send(head(10) + "12345")
        let server = script.server!
        let stopping = Task { await server.stop() }
        await script.until { server.isStopping }
        await script.advance(.seconds(10))
        await stopping.value
        #expect(journal.lines.count == 1)
    }

    @Test
    func `rejecting a request with too much unread body sends Connection: close (RFC 9110 §15.5.14)`()
        async throws
    {
        try script.serve { request in .text("\(try await request.body.collect(upTo: 10).count)") }
        let client = await script.connect()
        await client.send("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 262145\r\n\r\n")
        #expect(client.text.hasPrefix("HTTP/1.1 413 ") && client.text.contains("\r\nConnection: close\r\n"))
        #expect(client.end == .finished && script.server.connectionCount == 0)
    }
}
