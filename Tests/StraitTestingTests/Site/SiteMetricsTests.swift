import Strait
import StraitTesting
import Testing

private final class Doors: WebSocketConsumer {
    override func connect() async throws {
        accept()
        send(text: "\(try service(Metrics.self).snapshot().webSockets.open)")
    }
}

private final class Bell: Service, MetricsSource {
    func metrics() -> [Metric] { [Metric(.counter, "bell_rings_total", help: "Rings of the bell.", value: 3)] }
}

private struct HouseSite: Site {
    func services(_ settings: Settings) -> [any Service] { [Bell()] }

    var routes: [Route] {
        path("metrics/") { request in .text(try request.service(Metrics.self).text) }
        path("ws/", Doors())
        path("order/") { request in
            request.log.warning("ordered", metadata: ["tea": "Earl Grey"])
            return .text("ordered")
        }
    }
}

@Suite struct SiteMetricsTests {
    @Test func `pages, consumers and tests can read the site's metrics, including those of its services`() async throws
    {
        try await TestSite(HouseSite()) { site in
            let server = MemoryServer(site)
            let socket = try await server.webSocket("/ws/")
            #expect(socket.frames == [.message(Message(text: "1"))])
            let page = try await site.client.get("/metrics/")
            #expect(page.text.contains("\nstrait_websockets_open 1\n"))
            #expect(page.text.contains("\nbell_rings_total 3\n"))
            #expect(try site.service(Metrics.self).snapshot().handshakes.accepted == 1)
            #expect(server.metrics === (try site.service(Metrics.self)))
            await server.stop()
        }
    }

    @Test func `a request's log lines have the ID that its response returns`() async throws {
        let lines = Journal()
        let log = Log(level: .warning) { _, line in lines.note(line) }
        try await TestSite(HouseSite(), log: log) { site in
            let page = try await site.client.get("/order/")
            let id = try #require(page.headers["x-request-id"])
            #expect(lines.lines == ["ordered request-id=\(id) tea=\"Earl Grey\""])
        }
    }
}
