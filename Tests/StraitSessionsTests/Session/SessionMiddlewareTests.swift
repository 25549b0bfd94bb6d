import FoundationEssentials
import Strait
import StraitTesting
import TestFolders
import Testing

/// A site that stores what its visitors send.
struct NoteSite: Site {
    var installedApps: [any App] { [SessionsApp()] }
    var middleware: MiddlewareList {
        .standard.inserting(SessionMiddleware.init, before: CSRFViewMiddleware.self)
    }
    var routes: [Route] {
        path("plain/") { _ in .text("plain") }
        path("read/<str:name>/") { request in
            .text(try await request.session[try request.urlRoute["name"] as String] ?? "-")
        }
        path("write/<str:name>/<str:value>/") { request in
            try await request.session[try request.urlRoute["name"] as String] = try request.urlRoute["value"] as String
            return .text("written")
        }
        path("flush/") { request in
            try await request.session.flush()
            return .text("flushed")
        }
        path("cycle/") { request in
            try await request.session.cycleKey()
            return .text("cycled")
        }
        path("fail/") { request in
            try await request.session["failed"] = "yes"
            return .text("no", status: .internalServerError)
        }
        path("delete-and-write/") { request in
            let session = try await request.session
            if let key = session.key { try await request.services.get(Sessions.self).store.delete(key) }
            session["late"] = "yes"
            return .text("written")
        }
        path("close/") { request in
            let session = try await request.session
            session.setExpiry(.browserClose)
            return .text("\(session.expiresAtBrowserClose)")
        }
        path("ws/", NoteConsumer())
    }
}

final class NoteConsumer: WebSocketConsumer {
    override func connect() async throws {
        try await scope.session["connected"] = "yes"
        accept()
    }

    override func receive(text: String) async throws {
        let session = try await scope.session
        session["text"] = text
        do {
            if text == "save" { try await session.save() }
            send(text: "ok")
        } catch let error as SessionError where error.code == .interrupted {
            send(text: "interrupted")
        }
    }
}

@Suite struct `Sessions of pages and sockets` {
    private func withSite(
        _ engine: String = "db", _ body: (TestSite) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await TestSite(
                NoteSite(),
                settings: {
                    $0.sessionEngine = engine
                    $0.sessionFilePath = folder
                }
            ) { try await body($0) }
        }
    }

    private func text(_ site: TestSite, _ path: String) async throws -> String {
        try await site.client.get(path).text
    }

    @Test(arguments: ["db", "signed_cookies", "file", "cache", "cached_db"])
    func `a value lasts from one request to the next`(_ engine: String) async throws {
        try await withSite(engine) { site in
            #expect(try await text(site, "/read/name/") == "-")
            #expect(site.client.cookies["sessionid"] == nil)
            let response = try await site.client.get("/write/name/Ann/")
            let cookie = try #require(response.headers["set-cookie"])
            #expect(cookie.hasPrefix("sessionid="))
            for part in ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax", "expires="] {
                #expect(cookie.contains(part), "\(cookie)")
            }
            #expect(!cookie.contains("Secure"))
            #expect(response.headers["vary"]?.contains("Cookie") == true)
            #expect(try await text(site, "/read/name/") == "Ann")
            #expect(try await text(site, "/read/other/") == "-")
            let other = site.makeClient()
            #expect(try await other.get("/read/name/").text == "-")
        }
    }

    @Test func `a page that does not use the session neither loads nor sets it`() async throws {
        try await withSite { site in
            let response = try await site.client.get("/plain/")
            #expect(response.headers["set-cookie"] == nil)
            #expect(response.headers["vary"]?.contains("Cookie") != true)
        }
    }

    @Test func `a key that the visitor chose is not used`() async throws {
        try await withSite { site in
            let chosen = String(repeating: "a", count: 32)
            site.client.cookies["sessionid"] = chosen
            _ = try await site.client.get("/write/name/Ann/")
            let key = try #require(site.client.cookies["sessionid"])
            #expect(key != chosen)
            #expect(key.utf8.count == 32)
            #expect(try await text(site, "/read/name/") == "Ann")
        }
    }

    @Test(arguments: ["db", "signed_cookies", "file", "cache", "cached_db"])
    func `a bad cookie gives an empty session`(_ engine: String) async throws {
        let cookies = ["", "x", "short", "' OR 1=1 --", "a:b:c", "\u{1F511}", String(repeating: "a", count: 4000)]
        try await withSite(engine) { site in
            for cookie in cookies {
                site.client.cookies["sessionid"] = cookie
                let value = try await text(site, "/read/name/")
                #expect(value == "-")
            }
        }
    }

    @Test(arguments: ["db", "file", "cache", "cached_db"])
    func `flush deletes the session and the cookie`(_ engine: String) async throws {
        try await withSite(engine) { site in
            _ = try await site.client.get("/write/name/Ann/")
            let key = try #require(site.client.cookies["sessionid"])
            let response = try await site.client.get("/flush/")
            #expect(response.headers["set-cookie"]?.contains("Max-Age=0") == true)
            site.client.cookies["sessionid"] = key
            #expect(try await text(site, "/read/name/") == "-")
        }
    }

    @Test(arguments: ["db", "file", "cache", "cached_db"])
    func `a new key keeps the values, and the old one is deleted`(_ engine: String) async throws {
        try await withSite(engine) { site in
            _ = try await site.client.get("/write/name/Ann/")
            let old = try #require(site.client.cookies["sessionid"])
            _ = try await site.client.get("/cycle/")
            let new = try #require(site.client.cookies["sessionid"])
            #expect(new != old)
            #expect(try await text(site, "/read/name/") == "Ann")
            site.client.cookies["sessionid"] = old
            #expect(try await text(site, "/read/name/") == "-")
        }
    }

    @Test func `a failed response saves nothing`() async throws {
        try await withSite { site in
            let response = try await site.client.get("/fail/")
            #expect(response.headers["set-cookie"] == nil)
            #expect(try await text(site, "/read/failed/") == "-")
        }
    }

    @Test(arguments: ["db", "file", "cache", "cached_db"])
    func `a session that is deleted during a request is not stored again`(_ engine: String) async throws {
        try await withSite(engine) { site in
            _ = try await site.client.get("/write/name/Ann/")
            let response = try await site.client.get("/delete-and-write/")
            #expect(response.status == .badRequest)
            #expect(try await text(site, "/read/late/") == "-")
        }
    }

    @Test func `a session can end when the browser closes`() async throws {
        try await withSite { site in
            let response = try await site.client.get("/close/")
            #expect(response.text == "true")
            let cookie = try #require(response.headers["set-cookie"])
            #expect(!cookie.contains("Max-Age"))
            #expect(!cookie.contains("expires"))
        }
    }

    @Test func `a socket's session is saved when the socket is accepted or closes, and on save`() async throws {
        try await withSite { site in
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            #expect(try await text(site, "/read/connected/") == "yes")
            try await socket.send(text: "first")
            #expect(try await socket.receive() == .text("ok"))
            #expect(try await text(site, "/read/text/") == "-")
            try await socket.send(text: "save")
            #expect(try await socket.receive() == .text("ok"))
            #expect(try await text(site, "/read/text/") == "save")
            try await socket.send(text: "last")
            #expect(try await socket.receive() == .text("ok"))
            try await socket.disconnect()
            #expect(try await text(site, "/read/text/") == "last")
        }
    }

    @Test func `saving a socket's session that was deleted meanwhile is an error`() async throws {
        try await withSite { site in
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            let key = try #require(site.client.cookies["sessionid"])
            try await site.services.get(Sessions.self).store.delete(key)
            try await socket.send(text: "save")
            #expect(try await socket.receive() == .text("interrupted"))
            #expect(try await text(site, "/read/text/") == "-")
        }
    }

    @Test func `two visitors at the same time have sessions of their own`() async throws {
        try await withSite { site in
            let (one, other) = (site.makeClient(), site.makeClient())
            let sockets = [one.webSocket("/ws/"), other.webSocket("/ws/")]
            for socket in sockets { _ = try await socket.open() }
            #expect(one.cookies["sessionid"] != other.cookies["sessionid"])
            for (index, socket) in sockets.enumerated() { try await socket.send(text: "text \(index)") }
            for socket in sockets.reversed() { #expect(try await socket.receive() == .text("ok")) }
            for socket in sockets.reversed() { try await socket.disconnect() }
            _ = try await one.get("/write/name/Ann/")
            #expect(try await one.get("/read/text/").text == "text 0")
            #expect(try await other.get("/read/text/").text == "text 1")
            #expect(try await other.get("/read/name/").text == "-")
        }
    }

    @Test(arguments: ["Strict", "None"]) func `the cookie has the chosen SameSite`(_ policy: String) async throws {
        try await TestSite(
            NoteSite(),
            settings: {
                $0.sessionCookieSameSite = policy
                $0.sessionCookieSecure = true
            }
        ) { site in
            let page = try await site.client.get("/write/name/Ann/")
            #expect(page.headers["set-cookie"]?.contains("SameSite=\(policy)") == true)
        }
    }

    @Test func `concurrent requests keep each other's values`() async throws {
        try await withSite { site in
            _ = try await site.client.get("/write/name/Ann/")
            let cookie = try #require(site.client.cookies["sessionid"])
            await withThrowingTaskGroup { group in
                for number in 0..<10 {
                    group.addTask {
                        let client = site.makeClient()
                        client.cookies["sessionid"] = cookie
                        _ = try await client.get("/write/key\(number)/\(number)/")
                    }
                }
            }
            for number in 0..<10 {
                let value = try await text(site, "/read/key\(number)/")
                #expect(value == "\(number)")
            }
        }
    }
}
