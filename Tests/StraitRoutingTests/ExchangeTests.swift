import StraitCore
import StraitHTTP
import StraitRouting
import Synchronization
import Testing

private final class Pieces: RequestBodySource {
    private let left: Mutex<[Bytes]>

    init(_ pieces: [String]) {
        left = Mutex(pieces.map { Bytes($0) })
    }

    func next() async throws -> Bytes? {
        left.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    var count: Int { left.withLock { $0.count } }
}

private final class Sink: ResponseBodySink {
    private let kept = Mutex("")
    var text: String { kept.withLock { $0 } }

    func write(_ bytes: Bytes) async throws {
        kept.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
    }
}

@Suite struct `Requests and responses` {
    @Test func `a body is read piece by piece`() async throws {
        var text: [String] = []
        for try await piece in RequestBody(Pieces(["a", "b"]), contentLength: nil) {
            text.append(String(decoding: piece, as: UTF8.self))
        }
        #expect(text == ["a", "b"])
    }

    @Test(arguments: [[], ["abc"], ["a", "b", "c"]])
    func `a body is collected up to a limit`(pieces: [String]) async throws {
        let body = RequestBody(Pieces(pieces), contentLength: nil)
        #expect(String(decoding: try await body.collect(upTo: 3), as: UTF8.self) == pieces.joined())
    }

    @Test func `reading a body over the limit throws an error with status 413`() async {
        let source = Pieces(["ab", "cd", "ef"])
        let error = await #expect(throws: RequestBodyTooLarge.self) {
            try await RequestBody(source, contentLength: nil).collect(upTo: 3)
        }
        #expect(error?.status == .contentTooLarge)
        #expect(error?.description == "The body exceeds the limit of 3 bytes.")
        #expect(source.count == 1)
        let announced = Pieces(["ab"])
        await #expect(throws: RequestBodyTooLarge.self) {
            try await RequestBody(announced, contentLength: 9).collect(upTo: 3)
        }
        #expect(announced.count == 1)
    }

    @Test func `each kind of response has its media type and body`() async throws {
        #expect(Response.html("<p>").headers["content-type"] == "text/html; charset=utf-8")
        #expect(text(of: try Response.json(["a": 1])) == #"{"a":1}"#)
        #expect(Response.redirect(to: "/x").headers["location"] == "/x")
        #expect(Response.redirect(to: "/x", permanent: true).status.code == 301)
        #expect(Response.file("/srv/app", type: .html).headers["content-type"] == "text/html; charset=utf-8")
        // Without a type, the file's name decides when the file is sent.
        #expect(Response.file("/srv/app.css").headers["content-type"] == nil)
        #expect(Response.notFound.status == .notFound)
        let streamed = Response.stream(type: .eventStream) { writer in
            try await writer.write("a")
            try await writer.write("b")
        }
        guard case .stream(let write) = streamed.body else { return }
        let sink = Sink()
        try await write(ResponseBodyWriter(sink))
        #expect(sink.text == "ab")
    }

    @Test(arguments: [
        ("/ü b/?q=\u{20ac}", "/%C3%BC%20b/?q=%E2%82%AC"), ("/a%20b", "/a%20b"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("HTTP://a.example/", "HTTP://a.example/"), ("ftp://a.example/", "ftp://a.example/"),
        ("//a.example/", "//a.example/"),
        ("a/b:c", "a/b:c"), ("?next=javascript:x", "?next=javascript:x"),
        ("/\\evil.example", "/%5Cevil.example"), ("", ""),
    ])
    func `a redirect is percent-encoded as in Django's iri_to_uri`(location: String, sent: String) {
        let response = Response.redirect(to: location)
        #expect(response.headers["location"] == sent && response.status == .found)
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:x", "data:text/html,x", "mailto:a@b", "x+y-z.1:b", "vbscript:x",
    ])
    func `a redirect to a scheme other than http, https or ftp gets 400 (DisallowedRedirect)`(location: String) {
        let response = Response.redirect(to: location)
        #expect(response.status == .badRequest && response.headers["location"] == nil)
    }

    @Test func `cookies are set and deleted (test_http.set_cookie)`() throws {
        var response = Response()
        try response.setCookie(SetCookie("Testing-Key", "testing-value"))
        try response.deleteCookie("old")
        #expect(
            response.headers.values(of: "Set-Cookie") == [
                "Testing-Key=testing-value; Path=/; SameSite=lax",
                "old=; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=lax",
            ])
    }

    @Test func `every scope has cookies, with or without CookieMiddleware`() async throws {
        let scope = Scope(path: "/", headers: ["Cookie": "a=b; c=\"d e\""])
        #expect(scope.cookies == ["a": "b", "c": "d e"])
        let resolution = try await CookieMiddleware(page("x")).resolve(scope)
        #expect(resolution?.scope.cookies == ["a": "b", "c": "d e"])
        #expect(try await CookieMiddleware(page("x")).resolve(Scope(path: "/"))?.scope.cookies == [:])
    }
}

private struct User {
    let name: String
}

private struct Stamp: Middleware {
    let inner: any Application

    func resolve(_ scope: Scope) async throws -> Resolution? {
        var scope = scope
        scope[User.self] = User(name: "ada")
        var resolution = try await inner.resolve(scope)
        resolution?.onAccept { $0["X-Stamp"] = "1" }
        resolution?.mapResponse { $0.headers["X-Stamp"] = "1" }
        return resolution
    }
}

/// Middleware that appends `name` to a response's `X-Way` header.
private struct Step: Middleware {
    let name: String
    let waits: Bool
    let inner: any Application

    func resolve(_ scope: Scope) async throws -> Resolution? {
        let name = name
        let change: @Sendable (inout Response) -> Void = {
            $0.headers["x-way"] = ($0.headers["x-way"] ?? "") + name
        }
        guard var resolution = try await inner.resolve(scope) else { return nil }
        if waits { resolution.mapResponse { change(&$0) } } else { resolution.changeResponse(change) }
        return resolution
    }
}

private struct Page: HTTPHandler {
    var endsWithClient: Bool { true }
    func respond(to request: Request) async throws -> Response { .text("x") }
}

@Suite struct `Response changes` {
    private func way(_ inner: any Application, _ waits: [Bool]) async throws -> String? {
        var application = inner
        for (index, waits) in waits.enumerated() {
            application = Step(name: "\(index)", waits: waits, inner: application)
        }
        let resolution = try #require(try await application.resolve(Scope(path: "/")))
        return try await resolution.respond(to: Request(scope: resolution.scope)).headers["x-way"]
    }

    @Test(arguments: [[false, false, false], [true, false, true], [false, true, false], [true, true, false]])
    func `inner middleware changes a response before outer middleware, synchronously or not`(
        waits: [Bool]
    ) async throws {
        #expect(try await way(Endpoint.http(Page()), waits) == "012")
        #expect(try await way(Endpoint.response(.notFound), waits) == "012")
    }

    @Test func `a change applies to the response of the final endpoint`() async throws {
        var resolution = Resolution(scope: Scope(path: "/"), endpoint: .http(Page()))
        resolution.changeResponse { $0.status = .gone }
        let request = Request(scope: resolution.scope)
        #expect(try resolution.respondNow(to: request) == nil)
        resolution.endpoint = .response(.notFound)
        let response = try #require(try resolution.respondNow(to: request))
        #expect(response.status == .gone && text(of: response) == "Not Found\n")
    }

    @Test func `an error in a change fails the request`() async throws {
        struct Failure: Error {}
        var resolution = Resolution(scope: Scope(path: "/"), endpoint: .response(.notFound))
        resolution.mapResponse { _ in throw Failure() }
        await #expect(throws: Failure.self) { try await resolution.respond(to: Request(scope: resolution.scope)) }
    }
}

@Suite struct Scopes {
    @Test func `a scope is created from a request's head`() {
        let head = HTTPRequestHead(
            rawPath: "/foo%2Fbar", queryString: "a=1&a=2",
            fields: ["Sec-WebSocket-Protocol": "a , b", "sec-websocket-protocol": "c"])
        let scope = Scope(
            type: .webSocket, head: head, isSecure: true, client: .internet(host: "10.0.0.1", port: 5), server: nil,
            services: .none)
        #expect(scope.path == "/foo/bar")
        #expect(scope.rawPath == "/foo%2Fbar")
        #expect(scope.scheme == "wss")
        #expect(scope.subprotocols == ["a", "b", "c"])
        #expect(scope.query.values(of: "a") == ["1", "2"])
        #expect(scope.client == .internet(host: "10.0.0.1", port: 5))
        #expect("\(scope.httpVersion)" == "1.1")
    }

    @Test func `changing a copy does not change the original`() {
        let scope = Scope(path: "/")
        var copy = scope
        copy.scheme = "https"
        copy[User.self] = User(name: "ada")
        #expect(scope.scheme == "http")
        #expect(scope[User.self] == nil)
        #expect(copy[User.self]?.name == "ada")
    }

    @Test func `middleware can change the scope, the response and the headers of an accepted WebSocket`() async throws {
        let application = Stamp(
            inner: try URLRouter {
                path("") { request in .text(request.scope[User.self]?.name ?? "nobody") }
                path("ws/", socket: "x")
            })
        let resolution = try #require(try await application.resolve(Scope(path: "/")))
        let response = try await resolution.respond(to: Request(scope: resolution.scope))
        #expect(text(of: response) == "ada")
        #expect(response.headers["x-stamp"] == "1")
        let accepted = try await application.resolve(Scope(type: .webSocket, path: "/ws/"))
        var headers = HTTPFields()
        for change in accepted?.acceptChanges ?? [] { try await change(&headers) }
        #expect(headers["x-stamp"] == "1")
    }
}
