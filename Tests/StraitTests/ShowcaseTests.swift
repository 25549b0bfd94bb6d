import ExampleEcho
import ExampleJSON
import Strait
import StraitConsumers
import Testing

@testable import showcase

@Suite struct ShowcaseTests {
    private func resolve(_ path: String, _ type: Scope.Kind = .http) async throws -> Endpoint? {
        try await Showcase().application.resolve(Scope(type: type, path: path))?.endpoint
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8", "<title>Strait · Examples</title>"),
        ("/echo/", "text/html; charset=utf-8", "<title>Echo · Strait</title>"),
        ("/json/", "text/html; charset=utf-8", "<title>JSON · Strait</title>"),
        ("/echo/source/", "text/html; charset=utf-8", "final class Echo: WebSocketConsumer {"),
        ("/json/source/", "text/html; charset=utf-8", "JSONConsumer&lt;Contact, Answer&gt;"),
        ("/echo/tutorial/", "text/html; charset=utf-8", "# A page and an echo"),
        ("/json/tutorial/", "text/html; charset=utf-8", "# JSON with types"),
        ("/look.css", "text/css; charset=utf-8", "prefers-color-scheme: dark"),
        ("/look.js", "text/javascript; charset=utf-8", "function showMessage"),
    ])
    func servesItsPages(path: String, type: String, text: String) async throws {
        guard case .response(let response) = try await resolve(path), case .bytes(let body) = response.body else {
            Issue.record("\(path) is not answered.")
            return
        }
        #expect(response.status == .ok)
        #expect(response.headers["content-type"] == type)
        #expect(response.headers["x-content-type-options"] == "nosniff")
        #expect(String(decoding: body, as: UTF8.self).contains(text))
    }

    @Test(arguments: ["/", "/echo/", "/json/", "/echo/source/", "/json/tutorial/"])
    func itsPagesAreForEverybody(path: String) async throws {
        guard case .response(let response) = try await resolve(path), case .bytes(let body) = response.body else {
            Issue.record("\(path) is not answered.")
            return
        }
        let page = String(decoding: body, as: UTF8.self)
        #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(page.contains("<meta name=\"viewport\""))
        #expect(page.contains("<link rel=\"icon\" href=\"data:image/svg+xml,"))
        #expect(page.contains("<main id=\"main\">"))
        // Nothing is loaded from elsewhere.
        #expect(!page.contains("src=\"http") && !page.contains("rel=\"stylesheet\" href=\"http"))
        #expect(response.headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
    }

    @Test(arguments: ["/ws/echo/", "/ws/myapp/", "/ws/real-time/"])
    func echoesAt(path: String) async throws {
        #expect(try await consumer(path) is Echo)
    }

    @Test(arguments: ["/ws/json/", "/ws/my-websocket/"])
    func takesContactsAt(path: String) async throws {
        #expect(try await consumer(path) is Contacts)
    }

    @Test func doesNotKnowOtherSockets() async throws {
        #expect(try await resolve("/ws/other/", .webSocket) == nil)
    }

    private func consumer(_ path: String) async throws -> Consumer? {
        guard case .webSocket(let endpoint) = try await resolve(path, .webSocket) else { return nil }
        return (endpoint as? ConsumerEndpoint)?.make()
    }
}
