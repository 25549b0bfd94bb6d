import Foundation
import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import Testing

@testable import StraitTesting

/// A consumer that returns the received value as JSON.
private final class JSONEcho: HTTPConsumer {
    override func handle(_ body: Bytes) async throws {
        let value = try JSONDecoder().decode([String: Int].self, from: Data(body))
        let answer = try JSONEncoder().encode(["value": value["value"] ?? 0, "length": body.count])
        try await sendResponse(body: Bytes(answer), headers: ["content-type": "application/json"])
    }
}

/// A consumer that counts without end, once a second.
private final class Ticker: HTTPConsumer {
    override func handle(_ body: Bytes) async throws {
        for count in 1... {
            try await sendEvent("\(count)")
            try await clock.sleep(for: .seconds(1))
        }
    }
}

@Suite struct HTTPCommunicators {
    private let clock = ManualClock()

    @Test func `a request has its method, path, query and headers (http_communicator)`() async throws {
        let communicator = try HTTPCommunicator(
            [
                path("test/<int:id>/") {
                    .text("\($0.method) \($0.path) \($0.query["foo"] ?? "") \($0.headers["a"] ?? "")")
                }
            ],
            "GET", "/test/7/?foo=bar", headers: ["a": "b"])
        let response = try await communicator.response(timeout: .patient)
        #expect(response.status == .ok)
        #expect(response.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(response.text == "GET /test/7/ bar b")
    }

    @Test func `a consumer responds with a body (async_http_consumer)`() async throws {
        let communicator = HTTPCommunicator(JSONEcho(), "POST", body: Bytes(#"{"value": 42}"#))
        let response = try await communicator.response(timeout: .patient)
        #expect(try response.json() == ["value": 42, "length": 13])
        #expect(response.headers == ["content-type": "application/json"])
    }

    @Test func `each request has its own consumer (per_scope_consumers)`() async throws {
        final class Identity: HTTPConsumer {
            private var requests = 0
            override func handle(_ body: Bytes) async throws {
                requests += 1
                try await sendResponse(body: Bytes("\(requests) \(scope.path)"))
            }
        }
        let application = Endpoint.consumer(Identity())
        #expect(try await HTTPCommunicator(application, "GET", "/1").response(timeout: .patient).text == "1 /1")
        #expect(try await HTTPCommunicator(application, "GET", "/2").response(timeout: .patient).text == "1 /2")
    }

    @Test func `a handler's error is thrown to the test (error)`() async throws {
        let page = try HTTPCommunicator([path("") { _ in throw Broken() }], "GET", "/", log: .silent)
        let failure = await #expect(throws: ApplicationFailure.self) { _ = try await page.response(timeout: .patient) }
        #expect(failure?.error is Broken)
        let consumer = HTTPCommunicator(JSONEcho(), "POST", body: Bytes("{"), log: .silent)
        await #expect(throws: ApplicationFailure.self) { _ = try await consumer.response(timeout: .patient) }
        let streaming = try HTTPCommunicator(
            [
                path("") { _ in
                    .stream(type: .text) {
                        try await $0.write("half")
                        throw Broken()
                    }
                }
            ], "GET", "/", log: .silent)
        await #expect(throws: ApplicationFailure.self) { _ = try await streaming.response(timeout: .patient) }
    }

    @Test func `an error with a status becomes a response with that status`() async throws {
        let gone = try HTTPCommunicator([path("") { _ in throw HTTPError(.gone, "It was here.") }], "GET", "/")
        let response = try await gone.response(timeout: .patient)
        #expect(response.status == .gone && response.text == "It was here.\n")
    }

    @Test func `requests without a route or with the wrong method get the server's responses`() async throws {
        let routes = [path("socket/", Echo()), Route(path: "fixed/", application: Endpoint.response(.html("hi")))]
        #expect(try await HTTPCommunicator(routes, "GET", "/nowhere/").response(timeout: .patient).status == .notFound)
        #expect(
            try await HTTPCommunicator(routes, "GET", "/socket/").response(timeout: .patient).status == .upgradeRequired
        )
        #expect(try await HTTPCommunicator(routes, "GET", "/fixed/").response(timeout: .patient).text == "hi")
        let posted = try await HTTPCommunicator(routes, "POST", "/fixed/").response(timeout: .patient)
        #expect(posted.status == .methodNotAllowed && posted.headers["allow"] == "GET, HEAD")
        let head = try await HTTPCommunicator(routes, "HEAD", "/fixed/").response(timeout: .patient)
        #expect(head.status == .ok && head.pieces.isEmpty)
    }

    @Test func `a streamed body is received in the pieces in which it was written`() async throws {
        let communicator = try HTTPCommunicator(
            [
                path("") { _ in
                    .stream(type: .text) { for piece in ["a", "bc", "def"] { try await $0.write(piece) } }
                }
            ], "GET", "/")
        let response = try await communicator.response(timeout: .patient)
        #expect(response.pieces == ["a", "bc", "def"].map { Bytes($0) })
        #expect(response.text == "abcdef")
    }

    @Test func `a body that the test does not read suspends its writer`() async throws {
        let journal = Journal()
        let communicator = try HTTPCommunicator(
            [
                path("") { _ in
                    .stream(type: .text) {
                        for number in 1...4 {
                            try await $0.write(Bytes([UInt8](repeating: 65, count: 40_000)))
                            journal.note("\(number)")
                        }
                    }
                }
            ], "GET", "/", clock: clock)
        #expect(try await communicator.head(timeout: .patient).status == .ok)
        #expect(await clock.settles(within: .patient))
        #expect(journal.lines == ["1"])
        for number in 2...4 {
            #expect(try await communicator.receivePiece(timeout: .patient)?.count == 40_000)
            #expect(await clock.settles(within: .patient))
            #expect(journal.lines.last == "\(number)")
        }
        #expect(try await communicator.receivePiece(timeout: .patient)?.count == 40_000)
        #expect(try await communicator.receivePiece(timeout: .patient) == nil)
    }

    @Test func `a file response is sent, and a missing file gives 404`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "strait-\(UUID())")
        try Data("contents".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let routes = [path("") { _ in .file(file.path) }, path("none/") { _ in .file(file.path + "x") }]
        #expect(try await HTTPCommunicator(routes, "GET", "/").response(timeout: .patient).text == "contents")
        #expect(try await HTTPCommunicator(routes, "GET", "/none/").response(timeout: .patient).status == .notFound)
    }

    @Test func `an endless response can be read piece by piece, then disconnected`() async throws {
        let communicator = HTTPCommunicator(Ticker(), clock: clock)
        #expect(try await communicator.head(timeout: .patient).headers["content-type"] == "text/event-stream")
        #expect(try await communicator.receivePiece(timeout: .patient) == Bytes("data: 1\n\n"))
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(1))
        #expect(try await communicator.receivePiece(timeout: .patient) == Bytes("data: 2\n\n"))
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.receivePiece(timeout: .patient)
        }
        #expect(error?.code == .idle)
        try await communicator.disconnect(timeout: .patient)
        #expect(try await communicator.receivePiece(timeout: .patient) == nil)
    }

    @Test func `reading the head twice and an invalid path are errors`() async throws {
        let communicator = try HTTPCommunicator([path("") { _ in .text("x") }], "GET", "/")
        _ = try await communicator.head(timeout: .patient)
        let again = await #expect(throws: CommunicatorError.self) { _ = try await communicator.head(timeout: .patient) }
        #expect(
            again?.description
                == "The head of this response was already received. Read the body with receivePiece().")
        let bad = HTTPCommunicator(JSONEcho(), "GET", "x")
        await #expect(throws: CommunicatorError.self) { _ = try await bad.response(timeout: .patient) }
    }
}
