import ExampleChat
import ExampleEcho
import ExampleJSON
import ExampleLive
import StraitConsumers
import StraitServer
import StraitTesting
import Testing

@testable import Strait
@testable import showcase

@Suite struct ShowcaseTests {
    private func resolve(_ path: String, _ type: Scope.Kind = .http) async throws -> Endpoint? {
        let scope = Scope(type: type, path: path, headers: ["host": "localhost"])
        let endpoint = try await Showcase.application().resolve(scope)?.endpoint
        // The site's response for a path without a route.
        if case .response(let response)? = endpoint, response.status == .notFound { return nil }
        return endpoint
    }

    /// Returns the site's response, with the site's middleware around the application.
    private func page(_ path: String, isDebug: Bool = true, rootPath: String = "") async throws -> HTTPResponse {
        var settings = Settings()
        settings.debug = isDebug
        settings.allowedHosts = ["localhost"]
        var configuration = ServerConfiguration()
        configuration.rootPath = rootPath
        let site = try ComposedSite(Showcase(), settings: settings, configuration: configuration)
        return try await HTTPCommunicator(
            site.application, .get, path, headers: ["host": "localhost"], configuration: configuration, services: site
        ).response(timeout: .seconds(600))
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8", "<title>Strait · Examples</title>"),
        ("/echo/", "text/html; charset=utf-8", "<title>Echo · Strait</title>"),
        ("/json/", "text/html; charset=utf-8", "<title>JSON · Strait</title>"),
        ("/echo/source/", "text/html; charset=utf-8", "final class Echo: WebSocketConsumer {"),
        ("/json/source/", "text/html; charset=utf-8", "JSONConsumer&lt;Contact, Answer&gt;"),
        ("/echo/tutorial/", "text/html; charset=utf-8", "# A page and an echo"),
        ("/json/tutorial/", "text/html; charset=utf-8", "# JSON with types"),
        ("/chat/", "text/html; charset=utf-8", "<title>Chat · Strait</title>"),
        ("/chat/tea/", "text/html; charset=utf-8", "<h1 class=\"room\">"),
        ("/chat/source/", "text/html; charset=utf-8", "JSONConsumer&lt;ChatCommand, ChatEvent&gt;"),
        ("/chat/source/", "text/html; charset=utf-8", "struct Rooms {"),
        ("/chat/tutorial/", "text/html; charset=utf-8", "# Chat and groups"),
        ("/static/chat/chat.css", "text/css; charset=utf-8", ".typing {"),
        ("/live/", "text/html; charset=utf-8", "<title>Live · Strait</title>"),
        ("/live/source/", "text/html; charset=utf-8", "JSONConsumer&lt;LiveCommand, LiveEvent&gt;"),
        ("/static/live/live.css", "text/css; charset=utf-8", ".editor {"),
        ("/static/look/look.css", "text/css; charset=utf-8", "prefers-color-scheme: dark"),
        ("/static/look/look.js", "text/javascript; charset=utf-8", "function showMessage"),
    ])
    func `each page has its media type and contents`(path: String, type: String, text: String) async throws {
        let response = try await page(path)
        #expect(response.status == .ok)
        #expect(response.headers["content-type"] == type)
        #expect(response.headers["x-content-type-options"] == "nosniff")
        #expect(response.text.contains(text))
    }

    @Test(arguments: [
        "/", "/echo/", "/json/", "/chat/", "/chat/tea/", "/live/", "/echo/source/", "/live/source/", "/json/tutorial/",
        "/chat/tutorial/",
    ])
    func `pages have a language, a viewport and a main element, and load nothing from other hosts`(path: String)
        async throws
    {
        let response = try await page(path)
        let page = response.text
        #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(page.contains("<meta name=\"viewport\""))
        #expect(page.contains("<link rel=\"icon\" href=\"data:image/svg+xml,"))
        #expect(page.contains("<main id=\"main\">"))
        // Nothing is loaded from other hosts, and the page has no inline scripts and styles.
        #expect(!page.contains("<script>") && !page.contains("<style"))
        #expect(!page.contains("src=\"http") && !page.contains("rel=\"stylesheet\" href=\"http"))
        #expect(response.headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
    }

    /// With `DEBUG`, without it (when file names have hashes), and under a proxy's root path.
    @Test(arguments: [(true, ""), (false, ""), (true, "/app"), (false, "/app")])
    func `all links of the pages work`(isDebug: Bool, rootPath: String) async throws {
        var waiting = ["\(rootPath)/", "\(rootPath)/chat/tea/"]
        var seen = Set(waiting)
        while let path = waiting.popLast() {
            let response = try await page(path, isDebug: isDebug, rootPath: rootPath)
            #expect(response.status == .ok, "\(path)")
            // Quotes in displayed source code are escaped, so only the page's own tags match.
            for match in response.text.matches(of: #/(?:href|src)="(\/[^"]*)"/#) {
                let link = String(match.1)
                if seen.insert(link).inserted { waiting.append(link) }
            }
        }
        #expect(seen.contains("\(rootPath)/echo/tutorial/"))
        #expect(seen.contains("\(rootPath)/static/chat/room.js") == isDebug)
    }

    @Test(arguments: ["/ws/echo/", "/ws/myapp/", "/ws/real-time/"])
    func `the path leads to the echo consumer`(path: String) async throws {
        #expect(try await consumer(path) is Echo)
    }

    @Test(arguments: ["/ws/json/", "/ws/my-websocket/"])
    func `the path leads to the contacts consumer`(path: String) async throws {
        #expect(try await consumer(path) is Contacts)
    }

    @Test func `the chat and live paths lead to their consumers`() async throws {
        #expect(try await consumer("/ws/chat/tea/") is Chat)
        #expect(try await consumer("/ws/live/") is Live)
    }

    @Test func `other paths have no route`() async throws {
        #expect(try await resolve("/ws/other/", .webSocket) == nil)
        #expect(try await resolve("/ws/broadcast/all/", .webSocket) == nil)
        #expect(try await resolve("/chat/tea room/") == nil)
    }

    @Test func `with --bench, the broadcast and JSON echo consumers are served`() async throws {
        let program = Program(name: "showcase", site: Showcase(), output: { _ in }, errors: { _ in })
        guard case .run(_, let site) = try program.read(["runserver", "--bench"]) else { return #expect(Bool(false)) }
        let application = try ComposedSite(site, settings: Showcase.testSettings).application
        let scope = Scope(type: .webSocket, path: "/ws/broadcast/all/", headers: ["host": "localhost"])
        guard case .webSocket(let endpoint) = try await application.resolve(scope)?.endpoint else {
            Issue.record("/ws/broadcast/all/ has no WebSocket endpoint.")
            return
        }
        #expect((endpoint as? ConsumerEndpoint)?.make() is Broadcast)
        let json = Scope(type: .webSocket, path: "/ws/json/echo/", headers: ["host": "localhost"])
        guard case .webSocket(let endpoint) = try await application.resolve(json)?.endpoint else {
            Issue.record("/ws/json/echo/ has no WebSocket endpoint.")
            return
        }
        #expect((endpoint as? ConsumerEndpoint)?.make() is JSONEcho)
    }

    private func consumer(_ path: String) async throws -> Consumer? {
        guard case .webSocket(let endpoint) = try await resolve(path, .webSocket) else { return nil }
        return (endpoint as? ConsumerEndpoint)?.make()
    }
}
