import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWeb
import Synchronization
import Testing

@Suite struct SiteMiddlewares {
    private var settings: Settings {
        var settings = Settings()
        settings.allowedHosts = ["example.com", ".example.org"]
        return settings
    }

    private struct Broken: Error, CustomStringConvertible { var description: String { "the cable is cut" } }

    private func ask(
        _ path: String, _ settings: Settings? = nil, method: HTTPMethod = .get, headers: HTTPFields = [:]
    ) async throws -> HTTPResponse {
        let routes = try URLRouter {
            StraitRouting.path("", name: "home") { request in .text(request.scope.requestID ?? "-") }
            StraitRouting.path("rooms/<slug:room>/", name: "room") { request in
                .text(try request.reverse("room", ["room": "tea"]))
            }
            StraitRouting.path("go/") { request in try request.redirect(to: "room", ["room": "tea"]) }
            StraitRouting.path("broken/") { _ in throw Broken() }
            StraitRouting.path("gone/") { _ in throw HTTPError(.gone, "It <was> here.") }
            StraitRouting.path("framed/") { _ in
                var response = Response.text("framed")
                response.headers["x-frame-options"] = "SAMEORIGIN"
                return response
            }
            StraitRouting.path("save/", methods: [.post]) { _ in .text("saved") }
            StraitRouting.path("mine/") { _ in
                var response = Response.text("Come back on Monday.", status: .methodNotAllowed)
                response.headers["allow"] = "POST"
                return response
            }
        }
        var headers = headers
        if headers["host"] == nil { headers["host"] = "example.com" }
        let site = try WebSite(routes, settings: settings ?? self.settings)
        let communicator = HTTPCommunicator(
            site.application, method, path, headers: headers, services: site.services)
        return try await communicator.response()
    }

    private var debug: Settings {
        var settings = Settings()
        settings.debug = true
        return settings
    }

    @Test func `a response has a request ID and security headers`() async throws {
        let response = try await ask("/")
        let id = try #require(response.headers["x-request-id"])
        #expect(response.text == id && id.count == 32)
        #expect(response.headers["x-content-type-options"] == "nosniff")
        #expect(response.headers["x-frame-options"] == "DENY")
        #expect(response.headers["referrer-policy"] == "same-origin")
        #expect(response.headers["cross-origin-opener-policy"] == "same-origin")
        #expect(response.headers["strict-transport-security"] == nil)
        #expect(try await ask("/framed/").headers["x-frame-options"] == "SAMEORIGIN")
    }

    @Test(arguments: [
        ("example.com", 200), ("EXAMPLE.com:8000", 200), ("example.com.", 200), ("a.example.org", 200),
        ("example.org", 200), ("evil.com", 400), ("a.example.com", 400), ("badexample.org", 400),
        ("example.com@evil.com", 400), ("example.com/evil", 400), ("", 400),
    ])
    func `the site answers only requests for its own hosts (ALLOWED_HOSTS)`(host: String, status: Int) async throws {
        #expect(try await ask("/", headers: ["host": host]).status.code == status)
    }

    @Test func `the log says why a request was rejected`() async throws {
        let lines = Mutex<[String]>([])
        let routes = try URLRouter { StraitRouting.path("save/") { _ in .text("saved") } }
        let site = try WebSite(routes, settings: settings)
        let log = Log(level: .warning) { record in
            var metadata = record.metadata
            metadata["request-id"] = metadata["request-id"].map { "\($0.description.count) digits" }
            let details = metadata.entries.map { "\($0.key)=\($0.value)" }
            lines.withLock { $0.append(([record.message] + details).joined(separator: " ")) }
        }
        for (method, host) in [(HTTPMethod.get, "evil.com"), (.post, "example.com")] {
            _ = try await HTTPCommunicator(
                site.application, method, "/save/", headers: ["host": host], services: site.services, log: log
            ).response()
        }
        #expect(
            lines.withLock { $0 } == [
                "Rejected a request: its host is not in ALLOWED_HOSTS. Add it there if it is the site's. "
                    + "request-id=32 digits host=evil.com path=/save/",
                "Rejected POST: CSRF cookie not set. request-id=32 digits path=/save/",
            ])
    }

    @Test func `an empty entry in ALLOWED_HOSTS allows no host`() async throws {
        var settings = settings
        settings.allowedHosts = [""]
        for host in ["", "example.com"] {
            #expect(try await ask("/", settings, headers: ["host": host]).status == .badRequest)
        }
    }

    @Test func `with DEBUG, local hosts are allowed, and the error for another host names it`() async throws {
        for host in ["localhost:8000", "127.0.0.1", "[::1]:8000", "app.localhost"] {
            #expect(try await ask("/", debug, headers: ["host": host]).status == .ok)
        }
        let refusal = try await ask("/", debug, headers: ["host": "evil.com"])
        #expect(refusal.status == .badRequest && refusal.text.contains("'evil.com' is not in ALLOWED_HOSTS"))
    }

    @Test func `a handler's error gets a 500 page that shows details only with DEBUG`() async throws {
        let response = try await ask("/broken/", headers: ["accept": "text/html"])
        #expect(response.status == .internalServerError && !response.text.contains("cable"))
        #expect(response.headers["x-frame-options"] == "DENY")
        let local = HTTPFields(dictionaryLiteral: ("host", "localhost"), ("accept", "text/html"))
        #expect(try await ask("/broken/", debug, headers: local).text.contains("the cable is cut"))
    }

    @Test func `an HTTPError sets the response's status and its text, escaped in HTML`() async throws {
        #expect(try await ask("/gone/").text == "It <was> here.\n")
        let page = try await ask("/gone/", headers: ["accept": "text/html"])
        #expect(page.status == .gone && page.text.contains("It &lt;was&gt; here."))
    }

    @Test func `with DEBUG, the 404 page lists the routes that were tried`() async throws {
        let quiet = try await ask("/none/")
        #expect(quiet.status == .notFound && quiet.text == "Not Found\n")
        let text = try await ask("/none/", debug, headers: ["host": "localhost"]).text
        #expect(text.contains("No page has the path /none/"))
        #expect(text.contains("/rooms/<slug:room>/  (room)"))
        let html = try await ask("/<b>/", debug, headers: ["host": "localhost", "accept": "text/html"])
        #expect(html.text.contains("/&lt;b&gt;/") && !html.text.contains("/<b>/"))
    }

    @Test func `a missing trailing slash is added by a redirect if a route then matches`() async throws {
        let response = try await ask("/rooms/tea?x=1")
        #expect(response.status == .movedPermanently && response.headers["location"] == "/rooms/tea/?x=1")
        #expect(try await ask("/save", method: .post).status == .permanentRedirect)
        #expect(try await ask("/none").status == .notFound)
        #expect(try await ask("//rooms/tea").status == .notFound)
    }

    @Test(arguments: ["/app/rooms/tea", "/rooms/tea"])
    func `a redirect keeps the root path, whether or not the proxy strips it`(path: String) async throws {
        let routes = try URLRouter { StraitRouting.path("rooms/<slug:room>/") { _ in .text("tea") } }
        var configuration = ServerConfiguration()
        configuration.rootPath = "/app"
        func location(_ settings: Settings) async throws -> String? {
            let site = try WebSite(routes, settings: settings, rootPath: "/app")
            return try await HTTPCommunicator(
                site.application, .get, path, headers: ["host": "example.com"], configuration: configuration,
                services: site.services
            ).response().headers["location"]
        }
        #expect(try await location(settings) == "/app/rooms/tea/")
        var secure = settings
        secure.secureSSLRedirect = true
        #expect(try await location(secure) == "https://example.com/app/rooms/tea")
    }

    @Test(arguments: [
        #"/\evil.com"#, #"/%5Cevil.com"#, #"/\/evil.com"#, "//evil.com", "///evil.com", #"/\\evil.com/x"#,
    ])
    func `a redirect that adds a slash never leads to another site`(path: String) async throws {
        let routes = try URLRouter { StraitRouting.path("<path:all>/") { _ in .text("all") } }
        let site = try WebSite(routes, settings: settings)
        let response = try await HTTPCommunicator(
            site.application, .get, path, headers: ["host": "example.com"], services: site.services
        ).response()
        let location = try #require(response.headers["location"])
        #expect(location.hasPrefix("/") && !location.hasPrefix("//") && !location.contains("\\"), "\(location)")
    }

    @Test func `a handler builds paths and redirects from route names`() async throws {
        #expect(try await ask("/rooms/x/").text == "/rooms/tea/")
        #expect(try await ask("/go/").headers["location"] == "/rooms/tea/")
    }

    @Test func `an unsupported method gets 405 with an Allow header (RFC 9110 §15.5.6)`() async throws {
        let refusal = try await ask("/save/")
        #expect(refusal.status == .methodNotAllowed && refusal.headers["allow"] == "POST, OPTIONS")
        #expect(refusal.text == "Method Not Allowed\n")
        for (settings, host, text) in [
            (settings, "example.com", "<h1>Method Not Allowed</h1>"), (debug, "localhost", "It accepts POST, OPTIONS."),
        ] {
            let page = try await ask("/save/", settings, headers: ["host": host, "accept": "text/html"])
            #expect(page.status == .methodNotAllowed && page.headers["allow"] == "POST, OPTIONS")
            #expect(page.text.contains(text) && page.headers["vary"] == "Accept")
        }
        // A view's own 405 response is sent unchanged.
        #expect(try await ask("/mine/", headers: ["accept": "text/html"]).text == "Come back on Monday.")
        let options = try await ask("/save/", method: .options)
        #expect(options.status == .ok && options.headers["allow"] == "POST, OPTIONS")
        let secret = String(repeating: "s", count: 32)
        let token = HTTPFields(dictionaryLiteral: ("cookie", "csrftoken=\(secret)"), ("x-csrftoken", secret))
        #expect(try await ask("/save/", method: .post, headers: token).text == "saved")
        #expect(try await ask("/save/", method: .post).status == .forbidden)
    }

    @Test func `HTTP requests are redirected to HTTPS if SECURE_SSL_REDIRECT is set`() async throws {
        var settings = settings
        settings.secureSSLRedirect = true
        settings.secureHSTSSeconds = 60
        let response = try await ask("/rooms/tea/?x=1", settings)
        #expect(response.status == .movedPermanently)
        #expect(response.headers["location"] == "https://example.com/rooms/tea/?x=1")
    }
}

/// Adds its letter to a response header, to show the order of middleware.
private struct Letter: Middleware {
    let letter: String
    let inner: any Application

    func resolve(_ scope: Scope) async throws -> Resolution? {
        let letter = letter
        var resolution = try await inner.resolve(scope)
        resolution?.changeResponse { $0.headers["x-order"] = ($0.headers["x-order"] ?? "") + letter }
        return resolution
    }
}

private struct Outermost: Middleware {
    let inner: any Application
    func resolve(_ scope: Scope) async throws -> Resolution? {
        try await Letter(letter: "a", inner: inner).resolve(scope)
    }
}

@Suite struct MiddlewareLists {
    private func order(_ list: MiddlewareList) async throws -> String? {
        var settings = Settings()
        settings.allowedHosts = ["testserver"]
        let site = try WebSite(
            try URLRouter { StraitRouting.path("") { _ in .text("x") } }, settings: settings, middleware: list)
        return try await HTTPCommunicator(site.application, .get, "/", services: site.services).response()
            .headers["x-order"]
    }

    @Test func `the standard middleware list is in Django's order`() {
        #expect(
            MiddlewareList.standard.types.map { "\($0)" } == [
                "RequestIDMiddleware", "AllowedHostsMiddleware", "SecurityMiddleware", "CSRFViewMiddleware",
                "XFrameOptionsMiddleware", "ErrorPagesMiddleware", "CommonMiddleware", "StaticFilesMiddleware",
            ])
    }

    @Test func `middleware is appended, inserted, replaced and removed by type`() async throws {
        let list = MiddlewareList.standard
            .inserting({ Outermost(inner: $0) }, before: RequestIDMiddleware.self)
            .inserting({ Letter(letter: "b", inner: $0) }, after: SecurityMiddleware.self)
        // The innermost middleware changes the response first.
        #expect(try await order(list) == "ba")
        #expect(try await order(list.removing(Outermost.self)) == "b")
        #expect(try await order(list.replacing(Outermost.self) { Letter(letter: "c", inner: $0) }) == "bc")
        #expect(try await order(list.appending { Letter(letter: "d", inner: $0) }) == "dba")
        #expect(list.types.prefix(2).map { "\($0)" } == ["Outermost", "RequestIDMiddleware"])
    }

    @Test func `the error for a type that is not in the list names the types that are`() throws {
        let error = #expect(throws: MiddlewareListError.self) {
            try WebSite(
                try URLRouter {}, settings: Settings(),
                middleware: MiddlewareList().appending { Outermost(inner: $0) }.removing(SecurityMiddleware.self))
        }
        #expect(
            error?.description
                == "SecurityMiddleware is not in the middleware list. Name one of those that are: Outermost.")
    }

    @Test func `custom middleware around the standard list receives the error page`() async throws {
        var settings = Settings()
        settings.allowedHosts = ["testserver"]
        struct Broken: Error {}
        let site = try WebSite(
            try URLRouter { StraitRouting.path("broken/") { _ in throw Broken() } }, settings: settings,
            middleware: .standard.inserting({ Letter(letter: "a", inner: $0) }, before: RequestIDMiddleware.self))
        let response = try await HTTPCommunicator(
            site.application, .get, "/broken/", services: site.services, log: Log(level: .critical)
        ).response()
        #expect(response.status == .internalServerError && response.headers["x-order"] == "a")
        #expect(response.headers["x-frame-options"] == "DENY" && response.headers.contains("x-request-id"))
    }
}
