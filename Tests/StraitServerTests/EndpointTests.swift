import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// What a site's own module may route to.
@Suite struct Endpoints {
    private let script = ServerScript()

    @Test func `an HTTP consumer answers on its loop, wherever a handler around it runs`() async throws {
        final class Where: HTTPConsumer {
            var loop: EventLoop?
            override func handle(_ body: Bytes) async throws {
                try await sendResponse(body: Bytes("\(loop?.isOnLoop == true)"))
            }
        }
        /// As in a module whose asynchronous functions leave their caller's actor.
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

    @Test func `an HTTP consumer that is given a request of nobody's says so`() async throws {
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
                "error GET failed: An HTTP consumer answers requests that a server passed on. Change the scope of the "
                    + "request that came instead of making another one. path=/"
            ])
    }

    @Test func `an endpoint that drives no WebSocket is answered for with 500 and named`() async throws {
        struct Foreign: WebSocketEndpoint {}
        script.serve(Endpoint.webSocket(Foreign()))
        #expect(await script.answer(Socket.request()).hasPrefix("HTTP/1.1 500 "))
        #expect(
            script.log.lines == ["error Foreign drives no WebSocket here. Route to a consumer instead. path=/ws/"])
    }
}
