import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// Custom endpoints and handlers of a site.
@Suite struct Endpoints {
    private let script = ServerScript()

    @Test func `an HTTP consumer runs on its loop, even inside a handler that runs elsewhere`() async throws {
        final class Where: HTTPConsumer {
            var loop: EventLoop?
            override func handle(_ body: Bytes) async throws {
                try await sendResponse(body: Bytes("\(loop?.isOnLoop == true)"))
            }
        }
        /// Simulates a module whose asynchronous functions leave their caller's actor.
        struct Elsewhere: HTTPHandler {
            let inner: any HTTPHandler
            @concurrent
            func respond(to request: Request) async throws -> Response { try await inner.respond(to: request) }
        }
        let handler = HTTPConsumerEndpoint { [loop = script.loop] in
            let consumer = Where()
            consumer.loop = loop
            return consumer
        }
        script.serve(try URLRouter { path("", Elsewhere(inner: handler)) })
        let client = await script.connect()
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        await script.until { client.text != "" }
        #expect(client.text.hasSuffix("\r\n\r\ntrue"))
    }

    @Test func `an HTTP consumer rejects a request that did not come from the server`() async throws {
        struct Making: HTTPHandler {
            let inner: any HTTPHandler
            func respond(to request: Request) async throws -> Response {
                try await inner.respond(to: Request(scope: request.scope))
            }
        }
        guard case .http(let handler) = Endpoint.consumer(HTTPConsumer()) else { return }
        script.serve(try URLRouter { path("", Making(inner: handler)) })
        #expect(await script.answer("GET / HTTP/1.1\r\nHost: site\r\n\r\n").hasPrefix("HTTP/1.1 500 "))
        #expect(
            script.log.lines == [
                """
                error GET failed: An HTTP consumer got a request that did not come from the server. Change the scope \
                of the server's request instead of creating a new one. path=/
                """
            ])
    }

    @Test func `an endpoint that cannot serve a WebSocket gets 500 and is named in the log`() async throws {
        struct Foreign: WebSocketEndpoint {}
        script.serve(Endpoint.webSocket(Foreign()))
        #expect(await script.answer(Socket.request()).hasPrefix("HTTP/1.1 500 "))
        #expect(
            script.log.lines == ["error Foreign cannot serve a WebSocket. Route the path to a consumer. path=/ws/"])
    }
}
