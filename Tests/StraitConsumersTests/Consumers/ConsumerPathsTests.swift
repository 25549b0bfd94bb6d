import StraitConsumers
import StraitHTTP
import StraitRouting
import StraitTesting
import Testing

private final class Echo: WebSocketConsumer {}

private final class Feed: WebSocketConsumer {
    let limit: Int
    init(limit: Int) { self.limit = limit }
}

private final class Poll: HTTPConsumer {}

@Suite struct ConsumerPaths {
    private let router: URLRouter

    init() throws {
        router = try URLRouter([
            path("ws/echo/<int:id>/", Echo(), kwargs: ["extra": 1], name: "echo"),
            path("ws/feed/", Feed(limit: 10)),
            rePath(/^ws\/re\/$/, Echo()),
            path("poll/", Poll()),
            path("push/", Poll()),
            rePath(/^re\/$/, Poll()),
            rePath(/^ws\/feed\/few\/$/, Feed(limit: 3)),
            rePath(/^push\/all\/$/, Poll()),
        ])
    }

    private func consumer(_ path: String) async throws -> (ConsumerEndpoint, Scope)? {
        guard let resolution = try await router.resolve(Scope(type: .webSocket, path: path)),
            case .webSocket(let endpoint) = resolution.endpoint
        else { return nil }
        return (endpoint as? ConsumerEndpoint).map { ($0, resolution.scope) }
    }

    @Test func `a route creates a new consumer for each connection`() async throws {
        let (endpoint, scope) = try #require(try await consumer("/ws/echo/7/"))
        let first = endpoint.make()
        #expect(first is Echo)
        #expect(first !== endpoint.make())
        let id: Int = try scope.urlRoute["id"]
        let extra: Int = try scope.urlRoute["extra"]
        #expect(id == 7 && extra == 1)
        #expect(scope.urlRoute.name == "echo")
        #expect(try await consumer("/ws/re/")?.0.make() is Echo)
        let none = try await consumer("/poll/")
        #expect(none == nil)
    }

    @Test func `a consumer can take arguments`() async throws {
        let feed = try await consumer("/ws/feed/")?.0.make() as? Feed
        #expect(feed?.limit == 10)
        let few = try await consumer("/ws/feed/few/")?.0.make() as? Feed
        #expect(few?.limit == 3)
    }

    @Test(arguments: ["/poll/", "/push/", "/re/", "/push/all/"])
    func `a route to an HTTP consumer resolves to its endpoint`(path: String) async throws {
        let resolution = try #require(try await router.resolve(Scope(path: path)))
        guard case .http(let handler) = resolution.endpoint else {
            Issue.record("\(path) has no HTTP handler.")
            return
        }
        #expect(handler is HTTPConsumerEndpoint)
    }
}
