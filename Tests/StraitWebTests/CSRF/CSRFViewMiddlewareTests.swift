import FormScripts
import StraitCore
import StraitForms
import StraitHTTP
import StraitRouting
import StraitTemplates
import StraitTesting
import StraitText
import StraitWeb
import Testing

@Suite struct CSRFMiddlewareTests {
    private static let secret = "abcdefghijklmnopqrstuvwxyz012345"
    private static let token = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0bXaC5gIbmOhsUdy0jE6pKclQirWoX3xT5S"
    private static let urlencoded = "application/x-www-form-urlencoded"

    private static func site(_ settings: CSRFSettings = CSRFSettings()) throws -> any Application {
        CSRFViewMiddleware(
            try URLRouter {
                path("form/") { request in .html(try request.csrfInput.description) }
                path("plain/") { _ in .text("plain") }
                path("login/") { request in
                    try request.rotateCSRFToken()
                    return .text("in")
                }
                path("post/") { request in
                    let form = try await request.form()
                    return .text("a=\(form["a"] ?? "") f=\(form.file("f")?.size ?? -1)")
                }
                path("body/") { request in
                    .text(String(decoding: try await request.body.collect(upTo: 1000), as: UTF8.self))
                }
                path("hook/", CSRFExempt { _ in .text("hooked") })
                path("again/") { request in
                    .html(try Request(scope: request.scope).csrfInput.description)
                }
                path("early/", Early())
            }, settings: settings, generator: SeededGenerator(seed: 1))
    }

    /// An application that renders its page in `resolve`, before the request exists.
    private struct Early: Application {
        var isEndpoint: Bool { true }

        func resolve(_ scope: Scope) async throws -> Resolution? {
            let page = Response.html(try Request(scope: scope).csrfInput.description)
            return Resolution(scope: scope, endpoint: .response(page))
        }
    }

    private func post(
        _ path: String = "/post/", _ body: String = "", type: String? = nil, cookie: String? = Self.secret,
        headers: HTTPFields = HTTPFields(), method: HTTPMethod = .post, settings: CSRFSettings = CSRFSettings(),
        isSecure: Bool = false
    ) async throws -> HTTPResponse {
        var headers = headers
        if let type { headers["Content-Type"] = type }
        if let cookie { headers["Cookie"] = "csrftoken=\(cookie)" }
        let communicator = HTTPCommunicator(
            try Self.site(settings), method, path, body: Bytes(body), headers: headers)
        if isSecure { communicator.scope.scheme = "https" }
        return try await communicator.response()
    }

    @Test(
        arguments: [
            ("http://127.0.0.1:8000", "localhost:8000", true), ("http://localhost:8000", "[::1]:8000", true),
            ("http://localhost", "127.0.0.1:80", true), ("http://localhost:3000", "127.0.0.1:8000", false),
            ("https://localhost:8000", "127.0.0.1:8000", false), ("http://evil.example:8000", "localhost:8000", false),
            ("http://localhost:8000", "evil.example:8000", false),
        ] as [(String, String, Bool)])
    func `with DEBUG, loopback host names count as one origin`(
        origin: String, host: String, isAllowed: Bool
    ) async throws {
        var settings = CSRFSettings()
        settings.treatsLoopbackAsOneHost = true
        let headers: HTTPFields = ["Origin": origin, "Host": host, "X-CSRFToken": Self.token]
        let (type, body) = (Self.urlencoded, "a=1")
        let open = try await post("/post/", body, type: type, headers: headers, settings: settings)
        #expect(open.status == (isAllowed ? .ok : .forbidden))
        #expect(try await post("/post/", body, type: type, headers: headers).status == .forbidden)
    }

    // MARK: The cookie

    @Test(arguments: ["/form/", "/again/", "/early/"])
    func `a page with a token sets Django's cookie attributes and varies on Cookie`(path: String) async throws {
        let response = try await HTTPCommunicator(try Self.site(), .get, path).response()
        let cookie = try #require(response.headers["set-cookie"])
        let secret = try #require(cookie.firstMatch(of: /^csrftoken=([a-zA-Z0-9]{32}); (.*)$/))
        #expect(secret.2 == "Max-Age=31449600; Path=/; SameSite=Lax")
        #expect(response.headers["vary"] == "Cookie")
        let token = try #require(
            response.text.firstMatch(
                of: /^<input type="hidden" name="csrfmiddlewaretoken" value="([a-zA-Z0-9]{64})">$/))
        #expect(CSRFToken.matches(String(token.1), String(secret.1)))
    }

    @Test func `a page without a token sets no cookie`() async throws {
        let response = try await HTTPCommunicator(try Self.site(), .get, "/plain/").response()
        #expect(response.headers["set-cookie"] == nil && response.headers["vary"] == nil)
    }

    @Test(arguments: [secret, token])
    func `a page keeps the secret of the browser's cookie, masked or not`(cookie: String) async throws {
        let response = try await HTTPCommunicator(
            try Self.site(), .get, "/form/", headers: ["Cookie": "csrftoken=\(cookie)"]
        ).response()
        #expect(response.headers["set-cookie"]?.hasPrefix("csrftoken=\(Self.secret);") == true)
    }

    @Test func `a malformed cookie is replaced`() async throws {
        let response = try await HTTPCommunicator(
            try Self.site(), .get, "/plain/", headers: ["Cookie": "csrftoken=evil"]
        ).response()
        #expect(response.headers["set-cookie"]?.hasPrefix("csrftoken=") == true)
    }

    @Test func `rotating the token gives the browser a new secret`() async throws {
        let response = try await HTTPCommunicator(
            try Self.site(), .get, "/login/", headers: ["Cookie": "csrftoken=\(Self.secret)"]
        ).response()
        let cookie = try #require(response.headers["set-cookie"])
        #expect(cookie.hasPrefix("csrftoken=") && !cookie.contains(Self.secret))
    }

    @Test func `settings control the cookie's name and attributes`() async throws {
        var settings = CSRFSettings()
        settings.cookieName = "xsrf"
        settings.cookieSecure = true
        settings.cookieHTTPOnly = true
        settings.cookieDomain = "example.com"
        settings.cookieAge = nil
        let response = try await HTTPCommunicator(try Self.site(settings), .get, "/form/").response()
        let cookie = try #require(response.headers["set-cookie"])
        #expect(cookie.hasPrefix("xsrf="))
        #expect(cookie.hasSuffix("; Domain=example.com; HttpOnly; Path=/; SameSite=Lax; Secure"))
    }

    // MARK: The token

    @Test(arguments: [token, secret])
    func `a token in the form field or the header is accepted, masked or not`(token: String) async throws {
        let field = try await post("/post/", "a=1&csrfmiddlewaretoken=\(token)", type: Self.urlencoded)
        #expect(field.text == "a=1 f=-1")
        let header = try await post("/post/", "a=1", type: Self.urlencoded, headers: ["X-CSRFToken": token])
        #expect(header.text == "a=1 f=-1")
        for method in [HTTPMethod.put, .delete, .patch] {
            let other = try await post("/plain/", headers: ["X-CSRFToken": token], method: method)
            #expect(other.status == .ok)
        }
    }

    @Test func `a token in a form field is accepted only for POST`() async throws {
        let response = try await post(
            "/post/", "csrfmiddlewaretoken=\(Self.token)", type: Self.urlencoded, method: .put)
        #expect(response.status == .forbidden)
    }

    @Test func `a handler can read the body of a form that was read for its token`() async throws {
        let body = "csrfmiddlewaretoken=\(Self.token)&a=1"
        #expect(try await post("/body/", body, type: Self.urlencoded).text == body)
    }

    @Test func `safe methods and exempt routes need no token`() async throws {
        for method in [HTTPMethod.get, .head, .options, .trace] {
            #expect(try await post("/plain/", cookie: nil, method: method).status == .ok)
        }
        #expect(try await post("/hook/", cookie: nil).text == "hooked")
    }

    @Test(arguments: [
        (nil, "", "CSRF cookie not set."), ("short", "", "CSRF cookie has incorrect length."),
        (String(repeating: "-", count: 32), "", "CSRF cookie has invalid characters."),
        (secret, "", "CSRF token missing."), (secret, "csrfmiddlewaretoken=", "CSRF token missing."),
        (secret, "csrfmiddlewaretoken=x", "CSRF token from POST has incorrect length."),
        (
            secret, "csrfmiddlewaretoken=" + String(repeating: "-", count: 64),
            "CSRF token from POST has invalid characters."
        ),
        (secret, "csrfmiddlewaretoken=" + String(repeating: "a", count: 64), "CSRF token from POST incorrect."),
    ])
    func `a request without a valid cookie and token is rejected with Django's reason`(
        cookie: String?, body: String, reason: String
    ) async throws {
        let response = try await post("/post/", body, type: Self.urlencoded, cookie: cookie)
        #expect(response.status == .forbidden)
        #expect(response.text.hasPrefix("CSRF verification failed. \(reason) "), "\(response.text)")
    }

    @Test func `the rejection of an invalid header token names the header`() async throws {
        let response = try await post(headers: ["X-CSRFToken": "x"])
        #expect(response.text.contains("CSRF token from the 'X-CSRFToken' HTTP header has incorrect length."))
    }

    // MARK: Multipart

    private static let file = part("name=f; filename=x", "contents")

    @Test func `a multipart form's token precedes its files, and the handler gets the whole form`() async throws {
        let body =
            part("name=csrfmiddlewaretoken", Self.token) + Self.file + part("name=a", "1") + "--b--"
        #expect(try await post("/post/", body, type: Request.multipart).text == "a=1 f=8")
    }

    @Test func `a multipart form with a file before the token is rejected without reading the file`() async throws {
        let body = ScriptedBody([
            Bytes(part("name=a", "1") + "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\nbegins"),
            Bytes("more\r\n" + part("name=csrfmiddlewaretoken", Self.token) + "--b--"),
        ])
        let request = Request(Request.multipart, body, headers: ["Cookie": "csrftoken=\(Self.secret)"])
        let resolution = try #require(
            try await Self.site().resolve(Scope(method: .post, path: "/post/", headers: request.headers)))
        guard case .http(let handler) = resolution.endpoint else { return }
        let response = try await handler.respond(
            to: Request(scope: resolution.scope, body: RequestBody(body, contentLength: nil)))
        #expect(response.status == .forbidden)
        #expect(body.taken == 1)
    }

    @Test func `the body is not read for a token if the header has one`() async throws {
        let body = Self.file + part("name=a", "1") + "--b--"
        let response = try await post("/post/", body, type: Request.multipart, headers: ["X-CSRFToken": Self.token])
        #expect(response.text == "a=1 f=8")
        let bytes = try await post("/body/", body, type: Request.multipart, headers: ["X-CSRFToken": Self.token])
        #expect(bytes.text == body)
    }

    @Test func `a malformed form gets 400 and an oversized one gets 413`() async throws {
        #expect(try await post("/post/", "--b\r\nbad\r\n\r\n", type: Request.multipart).status == .badRequest)
        let many = String(repeating: "a&", count: 2000)
        #expect(try await post("/post/", many, type: Self.urlencoded).status == .contentTooLarge)
    }

    // MARK: Origin and Referer

    @Test(arguments: [
        ("http://testserver", true), ("https://testserver", false), ("http://testserver:80", false), ("null", false),
        ("", false), ("http://evil.com", false), ("http://testserver.evil.com", false), ("https://good.com", true),
        ("http://good.com", false), ("https://good.com:8443", false), ("https://a.wild.com", true),
        ("https://a.b.wild.com", true), ("https://wild.com", true), ("https://evilwild.com", false),
        ("http://a.wild.com", false), ("https://evil.com/\u{301}.wild.com", false),
    ])
    func `a request's Origin must be the site's own or a trusted one`(origin: String, isTrusted: Bool) async throws {
        var settings = CSRFSettings()
        settings.trustedOrigins = ["https://good.com", "https://*.wild.com"]
        let response = try await post(
            headers: ["X-CSRFToken": Self.token, "Origin": origin], settings: settings)
        #expect((response.status == .ok) == isTrusted, "\(response.text)")
        if !isTrusted {
            #expect(response.text.contains("Origin checking failed - \(origin) does not match any trusted origins."))
        }
    }

    @Test(
        arguments: [
            (nil, "Referer checking failed - no Referer."), ("https://testserver/form/", nil),
            ("http://testserver/form/", "Referer checking failed - Referer is insecure while host is secure."),
            ("nonsense", "Referer checking failed - Referer is malformed."),
            ("https://evil.com/", "Referer checking failed - https://evil.com/ does not match any trusted origins."),
            ("https://good.com/x?y", nil), ("https://[::1/", "Referer checking failed - Referer is malformed."),
            (
                "https://evil.com/\u{301}.good.com",
                "Referer checking failed - https://evil.com/\u{301}.good.com does not match any trusted origins."
            ),
        ] as [(String?, String?)])
    func `an HTTPS request without Origin needs a Referer of the site or a trusted origin`(
        referer: String?, reason: String?
    ) async throws {
        var settings = CSRFSettings()
        settings.trustedOrigins = ["https://good.com"]
        var headers: HTTPFields = ["X-CSRFToken": Self.token]
        headers["Referer"] = referer
        let response = try await post(headers: headers, settings: settings, isSecure: true)
        #expect((response.status == .ok) == (reason == nil), "\(response.text)")
        if let reason { #expect(response.text.contains(reason)) }
    }

    @Test func `reading a token without the middleware throws an error that says what to add`() throws {
        let request = Request(scope: Scope(path: "/"))
        let error = #expect(throws: NoCSRFMiddleware.self) { try request.csrfToken }
        #expect(error?.description.contains("put a CSRFViewMiddleware around the routes") == true)
    }
}
