import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

@testable import StraitServer

@Suite struct ServerMetricsTests {
    private let script = ServerScript()
    private var metrics: MetricsSnapshot { script.server.metrics.snapshot() }

    private final class Member: WebSocketConsumer {
        static let room = Group<Message>("room")
        override func connect() async throws {
            accept()
            try await join(Self.room)
        }
        override func receive(_ message: Message) async throws { try await groupSend(Self.room, message) }
    }

    @Test func `connections and their bytes are counted, including framing`() async throws {
        try script.serve { _ in .text("page") }
        let request = "GET / HTTP/1.1\r\nHost: site\r\n\r\n"
        let client = await script.connect()
        await client.send(request)
        let answer = client.text
        let other = await script.connect()
        #expect(metrics.connections == .init(open: 2, accepted: 2, refused: 0))
        #expect(metrics.bytes == .init(received: request.utf8.count, sent: answer.utf8.count))
        await other.abort()
        #expect(metrics.connections == .init(open: 1, accepted: 2, refused: 0))
    }

    @Test(arguments: [Double.nan, .infinity, 1e300])
    func `a site's values under the server's metric names do not crash the snapshot`(value: Double) throws {
        struct Source: MetricsSource {
            let value: Double
            func metrics() -> [Metric] {
                ["strait_layer_groups", "strait_loop_lag_seconds", "strait_websockets_closed_total"].map {
                    Metric(.gauge, $0, help: "", labels: ["any": "7"], value: value)
                } + [Metric(.gauge, "strait_dropped_total", help: "", labels: ["kind": "sent"], value: value)]
            }
        }
        try script.serve { _ in .text("page") }
        script.server.metrics.add(Source(value: value))
        #expect(metrics.layers["7"]?.groups == 0 && metrics.webSockets.closed == [7: 0] && metrics.drops[.sent] == 0)
        #expect(metrics.loops.first { $0.index == 7 }?.recentLag == .zero)
    }

    @Test func `requests are counted by the status of their response`() async throws {
        script.serve(
            try URLRouter {
                path("") { _ in .text("page") }
                path("away/") { _ in Response(status: .found) }
                path("broken/") { _ in throw CancellationError() }
            })
        for path in ["/", "/", "/away/", "/none/"] {
            _ = await script.answer("GET \(path) HTTP/1.1\r\nHost: site\r\n\r\n")
        }
        _ = await script.answer("nonsense\r\n\r\n")
        let requests = metrics.requests
        #expect(requests.byStatusClass == [1: 0, 2: 2, 3: 1, 4: 2, 5: 0])
        #expect(requests.unanswered == 0 && requests.total == 5)
    }

    @Test func `handshakes, sockets and messages are counted`() async throws {
        try script.serveSocket(
            connect: { probe in
                if probe.scope.queryString == "no" { probe.close() } else { probe.accept() }
            },
            receive: { probe, _ in
                probe.send(text: "one")
                probe.send(text: "two")
            })
        let first = await Socket.open(script)
        let second = await Socket.open(script)
        _ = await Socket.open(script, "/ws/?no")
        _ = await Socket.open(script, "/none/")
        await first.send(Socket.text("a") + Socket.text("b") + Socket.text("c"))
        #expect(metrics.handshakes == .init(accepted: 2, refused: [403: 1, 404: 1]))
        #expect(metrics.webSockets == .init(open: 2, closed: [:]))
        #expect(metrics.messages == .init(received: 3, sent: 6))
        await first.close(1000)
        await second.close(4711)
        #expect(metrics.webSockets == .init(open: 0, closed: [1000: 1, 4000: 1]))
        #expect(metrics["strait_consumers"] == 0)
    }

    @Test func `a group message counts once for each member that it is sent to`() async throws {
        script.serve(try URLRouter { path("ws/", Member()) })
        let sockets = [await Socket.open(script), await Socket.open(script), await Socket.open(script)]
        await sockets[0].send("hi")
        for socket in sockets { #expect(socket.frames == ["text hi"]) }
        #expect(metrics.messages == .init(received: 1, sent: 3))
        #expect(metrics.layers["default"]?.groups == 1)
    }

    @Test func `drops and reached limits are counted by kind`() async throws {
        script.serve(try URLRouter { path("ws/", Member()) }) { $0.messageLimits.message = 100 }
        let socket = await Socket.open(script)
        await socket.send(String(repeating: "x", count: 101))
        #expect(metrics.limits[.messageSize] == 1 && metrics.webSockets.closed == [1009: 1])
        let ignoring = await Socket.open(script)
        await ignoring.send(Socket.frame(.binary, [1]))
        #expect(metrics.limits[.mailbox] == 0)
        #expect(metrics.drops.count == MetricsSnapshot.Drop.allCases.count)
        #expect(metrics.limits.count == MetricsSnapshot.Limit.allCases.count)
    }

    @Test func `a slow handshake, a slow request and a silent client are counted by their limits`()
        async throws
    {
        try script.serveSocket(
            configure: {
                $0.handshakeTimeout = .seconds(5)
                $0.headTimeout = .seconds(5)
                $0.pingInterval = .seconds(20)
                $0.pingTimeout = .seconds(20)
            }, connect: { probe in if probe.scope.queryString != "never" { probe.accept() } })
        let silent = await Socket.open(script)
        _ = await Socket.open(script, "/ws/?never")
        let slow = await script.connect()
        await slow.send("GET / HTTP/1.1\r\n")
        await script.advance(.seconds(6))
        await script.advance(.seconds(60))
        #expect(metrics.limits[.handshakeTime] == 1)
        #expect(metrics.limits[.requestTime] == 1)
        #expect(metrics.limits[.pingTime] == 1 && silent.client.end != .open)
    }

    @Test func `each loop reports its lag, which is zero on a stopped clock`() async throws {
        let script = ServerScript(loops: 2)
        try script.serve { _ in .text("page") }
        let loops = script.server.metrics.snapshot().loops
        #expect(loops.map(\.index) == [0, 1])
        #expect(loops.allSatisfy { $0.longestLag == .zero && $0.recentLag == .zero && $0.busy == .zero })
    }

    @Test func `the Prometheus text has a line for each value`() async throws {
        try script.serve { _ in .text("page") }
        _ = await script.answer("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        let lines = script.server.metrics.text.split(separator: "\n")
        #expect(lines.contains("# TYPE strait_requests_total counter"))
        #expect(lines.contains("strait_requests_total{status=\"2xx\"} 1"))
        #expect(lines.contains("strait_connections_open 1"))
        #expect(lines.contains("strait_dropped_total{kind=\"after_close\"} 0"))
        #expect(lines.contains("strait_limits_reached_total{limit=\"message_size\"} 0"))
        #expect(lines.contains("strait_loop_lag_seconds{loop=\"0\"} 0"))
        #expect(lines.contains("strait_layer_dropped_total{layer=\"default\",reason=\"full\"} 0"))
        for line in lines where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /[a-z_]+(\{[a-z]+="\w+"(,[a-z]+="\w+")*\})? [0-9.e-]+/) != nil, "\(line)")
        }
    }

    @Test func `the counts remain after the server stops`() async throws {
        try script.serve { _ in .text("page") }
        _ = await script.answer("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        await script.server.stop()
        #expect(metrics.requests.total == 1 && metrics.connections == .init(open: 0, accepted: 1, refused: 0))
    }
}
