import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import Testing

private struct Broken: Error {}

private final class ScriptedHTTP: HTTPConsumer {
    var journal = Journal()
    var onHandle: (ScriptedHTTP, Bytes) async throws -> Void = { _, _ in }
    override var bodyLimit: Int { 8 }
    override func handle(_ body: Bytes) async throws {
        journal.note("handle")
        try await onHandle(self, body)
    }
    override func disconnect() async { journal.note("disconnect \(Task.isCancelled) \(scope.path)") }
}

@Suite struct HTTPConsumers {
    private func endpoint(
        _ script: HTTPScript, _ handle: @escaping @Sendable (ScriptedHTTP, Bytes) async throws -> Void
    ) -> HTTPConsumerEndpoint {
        HTTPConsumerEndpoint { [journal = script.journal] in
            let consumer = ScriptedHTTP()
            consumer.journal = journal
            consumer.onHandle = handle
            return consumer
        }
    }

    private static let gone = "disconnect false /poll/"

    @Test func `sendResponse() sends the status, the headers and the body (async_http_consumer)`() async {
        let script = HTTPScript()
        await script.request(
            endpoint(script) { try await $0.sendResponse(status: 201, body: $1, headers: ["x-a": "b"]) }, body: "hi")
        await script.reaches(4)
        #expect(Set(script.lines) == ["handle", "201 x-a: b", "body hi", Self.gone])
        #expect(script.journal.count(of: Self.gone) == 1)
    }

    @Test func `the headers are sent while the consumer waits (long polling)`() async {
        let script = HTTPScript()
        await script.request(
            endpoint(script) { consumer, _ in
                consumer.sendHeaders(headers: ["content-type": "text/plain"])
                try await consumer.clock.sleep(for: .seconds(30))
                try await consumer.sendBody(Bytes("late"))
            })
        await script.reaches(2)
        #expect(script.lines == ["handle", "200 content-type: text/plain"])
        await script.advance(.seconds(30))
        await script.reaches(5)
        #expect(Set(script.lines.dropFirst(2)) == ["piece late", "end", Self.gone])
    }

    @Test func `sendBody() waits for a slow client`() async {
        let script = HTTPScript()
        await script.slow(true)
        await script.request(
            endpoint(script) { consumer, _ in
                consumer.sendHeaders()
                for piece in ["a", "b"] {
                    try await consumer.sendBody(Bytes(piece), moreBody: true)
                    consumer.journal.note("sent \(piece)")
                }
            })
        await script.reaches(3)
        #expect(script.lines == ["handle", "200", "piece a"])
        await script.slow(true)
        await script.reaches(5)
        #expect(script.lines == ["handle", "200", "piece a", "sent a", "piece b"])
        await script.slow(false)
        await script.reaches(8)
        #expect(Set(script.lines.dropFirst(5)) == ["sent b", "end", Self.gone])
    }

    @Test func `server-sent events set their own headers and end when the client disconnects`() async {
        let script = HTTPScript()
        await script.request(
            endpoint(script) { consumer, _ in
                var count = 0
                while true {
                    count += 1
                    try await consumer.sendEvent("tick\n\(count)", event: "time", id: "\(count)", retry: .seconds(3))
                    try await consumer.clock.sleep(for: .seconds(1))
                }
            })
        await script.reaches(3)
        #expect(
            script.lines == [
                "handle", "200 content-type: text/event-stream cache-control: no-cache",
                "piece event: time\nid: 1\nretry: 3000\ndata: tick\ndata: 1\n\n",
            ])
        for count in 4...5 {
            await script.advance(.seconds(1))
            await script.reaches(count)
        }
        #expect(script.lines.count == 5)
        await script.leave()
        await script.reaches(7)
        #expect(Set(script.lines.dropFirst(5)) == ["CancellationError()", Self.gone])
        #expect(script.journal.count(of: Self.gone) == 1)
    }

    @Test func `a client that disconnects during sendBody() ends the handler`() async {
        let script = HTTPScript()
        await script.slow(true)
        await script.request(
            endpoint(script) { consumer, _ in
                consumer.sendHeaders()
                do { try await consumer.sendBody(Bytes("a"), moreBody: true) } catch {
                    consumer.journal.note("handler ended")
                    throw error
                }
            })
        await script.reaches(3)
        await script.leave()
        await script.reaches(6)
        #expect(script.journal.count(of: "handler ended") == 1)
        #expect(script.journal.count(of: Self.gone) == 1)
    }

    @Test func `the handler ends if the server does not send its response`() async {
        let script = HTTPScript()
        await script.request(
            endpoint(script) { consumer, _ in
                consumer.sendHeaders()
                try await consumer.clock.sleep(for: .seconds(1000))
            }, sending: false)
        await script.advance(.zero)
        await script.reaches(3)
        #expect(script.lines == ["handle", "200", Self.gone])
    }

    @Test func `an error before the response is thrown to the server`() async {
        let script = HTTPScript()
        await script.request(endpoint(script) { _, _ in throw Broken() })
        #expect(Set(script.lines) == ["handle", "Broken()", Self.gone])
        let empty = HTTPScript()
        await empty.request(endpoint(empty) { _, _ in })
        #expect(
            empty.lines.contains(
                """
                ScriptedHTTP.handle() returned without a response. Call sendResponse(), or sendHeaders() and \
                sendBody().
                """
            ))
        let large = HTTPScript()
        await large.request(endpoint(large) { _, _ in }, body: "123456789")
        #expect(
            Set(large.lines) == ["The body exceeds the limit of 8 bytes.", Self.gone])
    }

    @Test func `an event's data is split into lines, and line breaks in other fields are rejected`() throws {
        #expect(try ServerSentEvent("").text == "data: \n\n")
        #expect(try ServerSentEvent("a\r\nb\rc\u{2028}d").text == "data: a\ndata: b\ndata: c\u{2028}d\n\n")
        let error = #expect(throws: ServerSentEvent.InvalidField.self) { try ServerSentEvent("a", event: "b\nid: 1") }
        #expect(error?.description == "The event of a server-sent event must not contain a line break or a NUL.")
        #expect(throws: ServerSentEvent.InvalidField.self) { try ServerSentEvent("a", id: "\0") }
    }
}
