import StraitCore
import StraitHTTP
import StraitRouting
import StraitTemplates
import StraitTesting
import StraitWeb
import Synchronization
import Testing

@Suite struct ErrorTemplatesTests {
    private struct Broken: Error {}

    private static let templates = [
        "400.html": "<p>400 {{ request.path }}{{ exception }}</p>", "403.html": "<p>403 {{ exception }}</p>",
        "403_csrf.html": "<p>{{ title }}: {{ main }} {{ reason }}{% if no_cookie %} No cookie.{% endif %}</p>",
        "404.html": "<p>404 {{ request_path }} {{ exception }} {{ request.method }}</p>",
        "500.html": "<p>500{{ request.path }}{{ exception }}</p>",
    ]

    private func ask(
        _ path: String, _ templates: [String: String] = templates, isDebug: Bool = false, method: HTTPMethod = .get,
        accept: String = "text/html", log: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> HTTPResponse {
        let routes = try URLRouter {
            StraitRouting.path("room/") { _ in throw HTTPError(.notFound, "There is no <tea> room.") }
            StraitRouting.path("secret/") { _ in throw HTTPError(.forbidden, "Members only.") }
            StraitRouting.path("odd/") { _ in throw HTTPError(.badRequest, "Odd.") }
            StraitRouting.path("gone/") { _ in throw HTTPError(.gone, "It was here.") }
            StraitRouting.path("broken/") { _ in throw Broken() }
        }
        var settings = Settings()
        settings.debug = isDebug
        settings.allowedHosts = ["localhost"]
        let site = try WebSite(routes, settings: settings, templates: [EmbeddedLoader(templates)])
        let headers: HTTPFields = ["host": "localhost", "accept": accept]
        return try await HTTPCommunicator(
            site.application, method, path, headers: headers, services: site.services,
            log: Log(level: .error) { log($1) }
        )
        .response(timeout: .seconds(600))
    }

    @Test(arguments: [
        ("/none%3Cb%3E/", 404, "<p>404 /none%3Cb%3E/ Not Found GET</p>"),
        ("/room/", 404, "<p>404 /room/ There is no &lt;tea&gt; room. GET</p>"),
        ("/secret/", 403, "<p>403 Members only.</p>"), ("/odd/", 400, "<p>400 /odd/</p>"),
        ("/broken/", 500, "<p>500</p>"),
    ])
    func `error templates are rendered with the same variables as in Django`(
        path: String, status: Int, page: String
    ) async throws {
        let response = try await ask(path)
        #expect(response.status.code == status && response.text == page)
        #expect(response.headers["content-type"] == "text/html; charset=utf-8")
        #expect(response.headers["x-frame-options"] == "DENY")
    }

    @Test func `a CSRF failure is rendered with 403_csrf.html`() async throws {
        let response = try await ask("/room/", method: .post)
        #expect(response.status == .forbidden)
        #expect(
            response.text
                == "<p>Forbidden: CSRF verification failed. Request aborted. CSRF cookie not set. No cookie.</p>")
    }

    @Test func `a status without a template gets the built-in page`() async throws {
        #expect(try await ask("/gone/").text.contains("It was here."))
        for path in ["/none/", "/secret/", "/odd/", "/broken/"] {
            #expect(try await ask(path, [:]).text.contains("<p class=\"status\">"))
        }
        #expect(try await ask("/room/", [:], method: .post).text.contains("CSRF cookie not set."))
    }

    @Test func `clients that do not ask for HTML get plain text, and DEBUG shows the built-in pages`() async throws {
        for accept in ["application/json", "*/*"] {
            #expect(try await ask("/none/", accept: accept).text == "Not Found\n")
            #expect(try await ask("/room/", method: .post, accept: accept).text == "CSRF cookie not set.\n")
        }
        for path in ["/none/", "/room/", "/secret/", "/broken/"] {
            #expect(try await ask(path, isDebug: true).text.contains("<p class=\"status\">"))
        }
        #expect(try await ask("/room/", isDebug: true, method: .post).text.contains("Allow cookies for this site"))
    }

    @Test(arguments: ["/none/", "/room/", "/secret/"])
    func `an error template that fails gives a 500 response`(path: String) async throws {
        let broken = ["404.html": "{% if %}", "403.html": "{% include 'none.html' %}", "500.html": "<p>500</p>"]
        let response = try await ask(path, broken)
        #expect(response.status == .internalServerError && response.text == "<p>500</p>")
    }

    @Test func `if 500.html fails, the built-in page is sent and both errors are logged`() async throws {
        let log = Mutex<[String]>([])
        let response = try await ask("/broken/", ["500.html": "one\n{% url 'none' %}"]) { line in
            log.withLock { $0.append(line) }
        }
        let lines = log.withLock { $0 }
        #expect(response.status == .internalServerError)
        #expect(response.text.contains("<h1>Internal Server Error</h1>") && !response.text.contains("one"))
        #expect(lines.count == 2 && lines[0].hasPrefix("GET failed: Broken() ") && lines[0].hasSuffix(" path=/broken/"))
        #expect(lines[1].contains("500.html, line 2") && lines[1].contains("failed too"))
    }

    @Test(arguments: ["/none/", "/room/"])
    func `a form in an error template gets a valid CSRF token`(path: String) async throws {
        let response = try await ask(path, ["404.html": "<form>{% csrf_token %}</form>"])
        let secret = try #require(response.headers["set-cookie"]?.firstMatch(of: /^csrftoken=([a-zA-Z0-9]{32});/)?.1)
        let token = try #require(response.text.firstMatch(of: /value="([a-zA-Z0-9]{64})"/)?.1)
        #expect(CSRFToken.matches(String(token), String(secret)))
        #expect(response.headers["vary"] == "Accept, Cookie")
    }

    @Test func `an error page varies on Accept`() async throws {
        for (path, accept) in [("/none/", "text/html"), ("/none/", "*/*"), ("/gone/", "text/html"), ("/room/", "*/*")] {
            #expect(try await ask(path, accept: accept).headers["vary"] == "Accept")
        }
    }

    @Test func `HEAD and POST requests get the error templates, too`() async throws {
        let head = try await ask("/none/", method: .head)
        #expect(head.status == .notFound && head.headers["content-type"] == "text/html; charset=utf-8")
        #expect(try await ask("/none/", method: .post).text == "<p>404 /none/ Not Found POST</p>")
    }
}
