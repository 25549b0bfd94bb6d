import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// A consumer that runs a test's closures and records its hooks.
private final class Poll: HTTPConsumer {
    private var journal = Journal()
    private var onHandle: (Poll) async throws -> Void = { _ in }
    private var onDisconnect: (Poll) async -> Void = { _ in }

    convenience init(
        _ journal: Journal, disconnect: @escaping @Sendable (Poll) async -> Void = { _ in },
        handle: @escaping @Sendable (Poll) async throws -> Void
    ) {
        self.init()
        self.journal = journal
        onHandle = handle
        onDisconnect = disconnect
    }

    func note(_ line: String) { journal.note(line) }

    override func handle(_ body: Bytes) async throws {
        do { try await onHandle(self) } catch {
            note("\(error)")
            throw error
        }
    }

    override func disconnect() async {
        note("disconnect")
        await onDisconnect(self)
    }
}

@Suite struct ServedHTTPConsumers {
    private let script = ServerScript()
    private let get = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"

    private func serve(
        configure: (inout ServerConfiguration) -> Void = { _ in },
        disconnect: @escaping @Sendable (Poll) async -> Void = { _ in },
        _ handle: @escaping @Sendable (Poll) async throws -> Void
    ) throws {
        let journal = script.journal
        script.serve(
            try URLRouter { path("", Poll(journal, disconnect: disconnect, handle: handle)) },
            configure: configure)
    }

    private func stop() async -> Task<Void, Never> {
        let server: Server = script.server
        let journal = script.journal
        let task = Task {
            await server.stop()
            journal.note("stopped")
        }
        await script.until { server.isStopping }
        await script.idle()
        return task
    }

    @Test func `a long poll ends when its client disconnects before the response`() async throws {
        try serve { try await $0.clock.sleep(for: .seconds(3600)) }
        let client = await script.connect()
        await client.send(get)
        await client.leave()
        #expect(script.lines == ["CancellationError()", "disconnect"])
        #expect(script.server.connectionCount == 0)
        #expect(script.log.lines == [])
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" - -"#])
    }

    @Test func `a long poll behind middleware that changes responses ends, too`() async throws {
        struct Marking: Application {
            let inner: any Application
            func resolve(_ scope: Scope) async throws -> Resolution? {
                var resolution = try await inner.resolve(scope)
                resolution?.mapResponse { _ in }
                return resolution
            }
        }
        let journal = script.journal
        script.serve(
            Marking(
                inner: try URLRouter {
                    path("", Poll(journal) { try await $0.clock.sleep(for: .seconds(3600)) })
                }))
        let client = await script.connect()
        await client.send(get)
        await client.leave()
        #expect(script.lines == ["CancellationError()", "disconnect"])
    }

    @Test func `stopping the server answers a long poll with 503 and waits for disconnect()`() async throws {
        try serve(
            disconnect: { poll in
                try? await poll.clock.sleep(for: .seconds(1))
                poll.note("saved")
            }, { try await $0.clock.sleep(for: .seconds(3600)) })
        let client = await script.connect()
        await client.send(get)
        let stopping = await stop()
        await script.until { client.end == .finished }
        #expect(client.text.hasPrefix("HTTP/1.1 503 "))
        #expect(script.server.connectionCount == 0)
        #expect(script.lines == ["CancellationError()", "disconnect"])
        await script.advance(.seconds(1))
        await stopping.value
        #expect(script.lines == ["CancellationError()", "disconnect", "saved", "stopped"])
        #expect(script.log.lines == [])
    }

    @Test func `a disconnect() that takes too long is cancelled and logged`() async throws {
        try serve(
            disconnect: { poll in
                do { try await poll.clock.sleep(for: .seconds(3600)) } catch { poll.note("cancelled") }
            }, { try await $0.sendResponse(body: Bytes("x")) })
        #expect(await script.answer(get).hasSuffix("\r\n\r\nx"))
        await script.advance(.milliseconds(9_999))
        #expect(script.lines == ["disconnect"])
        await script.advance(.milliseconds(1))
        #expect(script.lines == ["disconnect", "cancelled"])
        #expect(
            script.log.lines == [
                "error Poll is still in disconnect() 10.0 seconds after its request ended; it is cancelled. path=/"
            ])
    }

    @Test func `sendHeaders() called twice fails the next sendBody() of that request only`() async throws {
        try serve { poll in
            poll.sendHeaders(status: 200)
            poll.sendHeaders(status: 500)
            try await poll.sendBody(Bytes("x"))
        }
        let text = "sendHeaders() was called twice for one response. Call it once, before the first sendBody()."
        let client = await script.connect()
        await client.send(get)
        await script.until { client.end != .open }
        #expect(script.lines == [text, "disconnect"])
        #expect(script.log.lines.first == "error Poll: \(text) path=/")
        // The server continues.
        #expect(await script.answer(get) != "")
    }

    @Test func `an error after the complete response is logged`() async throws {
        struct Unsaved: Error {}
        try serve { poll in
            try await poll.sendResponse(body: Bytes("x"))
            try await poll.clock.sleep(for: .seconds(1))
            throw Unsaved()
        }
        #expect(await script.answer(get).hasSuffix("\r\n\r\nx"))
        await script.advance(.seconds(1))
        #expect(script.lines == ["Unsaved()", "disconnect"])
        #expect(script.log.lines == ["error Poll failed after its response was complete: Unsaved() path=/"])
    }

    @Test func `each request of a connection has its own consumer`() async throws {
        final class Counting: HTTPConsumer {
            private var count = 0
            override func handle(_ body: Bytes) async throws {
                count += 1
                try await sendResponse(body: Bytes("count \(count)"))
            }
        }
        script.serve(try URLRouter { path("", Counting()) })
        let client = await script.connect()
        for _ in 0..<2 {
            await client.send(get)
            #expect(client.take().hasSuffix("\r\n\r\ncount 1"))
        }
    }
}
