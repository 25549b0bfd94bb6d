import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// The scope that a consumer gets from its handshake.
@Suite struct HandshakeScopes {
    private let script = ServerScript()

    /// The frames in which a consumer at `route` describes its scope while it runs.
    private func told(
        _ target: String, route: String, fields: [String] = [], root: String = "",
        _ tell: @escaping @Sendable (Scope) -> String
    ) async throws -> [String] {
        let journal = script.journal
        script.serve(
            try URLRouter {
                path(route, Probe(journal, receive: { probe, _ in probe.send(text: tell(probe.scope)) }))
            }, configure: { $0.rootPath = root })
        let socket = await Socket.open(script, target, fields)
        await socket.send("?")
        return socket.frames
    }

    @Test func `the scope contains the handshake's path, query and headers`() async throws {
        let frames = try await told("/ws/caf%C3%A9/?a=%20b&c", route: "ws/<str:name>/", fields: ["X-A: 1", "x-a: 2"]) {
            "\($0.type) \($0.scheme) \($0.path) \($0.rawPath) \($0.queryString) \($0.query["a"] ?? "-")"
                + " \($0.headers.values(of: "X-A")) \($0.headers["host"] ?? "-")"
        }
        #expect(frames == [#"text webSocket ws /ws/café/ /ws/caf%C3%A9/ a=%20b&c  b ["1", "2"] site"#])
    }

    @Test func `an encoded slash is decoded in the path and kept in the raw path`() async throws {
        let frames = try await told("/foo%2Fbar", route: "foo/bar") { "\($0.path) \($0.rawPath)" }
        #expect(frames == ["text /foo/bar /foo%2Fbar"])
    }

    @Test func `the route's arguments are available while the consumer runs`() async throws {
        let frames = try await told("/rooms/42/ann/", route: "rooms/<int:id>/<slug:name>/") {
            "\($0.urlRoute.kwargs["id"] as? Int ?? -1) \($0.urlRoute.kwargs["name"] as? String ?? "-")"
        }
        #expect(frames == ["text 42 ann"])
    }

    @Test(arguments: ["/ws/", "/app/ws/"])
    func `the root path prefixes a WebSocket's path, too`(target: String) async throws {
        let frames = try await told(target, route: "ws/", root: "/app") { "\($0.path) \($0.rootPath) \($0.rawPath)" }
        #expect(frames == ["text /app/ws/ /app \(target)"])
    }

    @Test(arguments: ["Content-Length: 5", "Transfer-Encoding: chunked"])
    func `a handshake with a body gets 400 (RFC 9110 §7.8)`(field: String) async throws {
        try script.serveSocket()
        #expect(await script.answer(Socket.request("/ws/", [field])).hasPrefix("HTTP/1.1 400 "))
        #expect(script.lines == [])
        #expect(await script.answer(Socket.request("/ws/", ["Content-Length: 0"])).hasPrefix("HTTP/1.1 101 "))
    }
}
