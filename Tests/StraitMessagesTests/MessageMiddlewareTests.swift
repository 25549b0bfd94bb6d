import FoundationEssentials
import Strait
import StraitTesting
import Testing

@Suite struct `Messages on pages` {
    private func withSite(
        _ storage: String = "fallback", settings change: @escaping @Sendable (inout Settings) -> Void = { _ in },
        _ body: (TestSite) async throws -> Void
    ) async throws {
        try await TestSite(
            NoticeSite(),
            settings: {
                $0.messageStorage = storage
                change(&$0)
            }
        ) { try await body($0) }
    }

    private func text(_ site: TestSite, _ path: String) async throws -> String {
        try await site.client.get(path).text
    }

    @Test(arguments: ["fallback", "cookie", "session", "django.contrib.messages.storage.session.SessionStorage"])
    func `a message is shown once, on the next page`(_ storage: String) async throws {
        try await withSite(storage) { site in
            let response = try await site.client.get("/add/success/saved/")
            #expect(response.text == "added")
            if storage == "fallback" || storage == "cookie" {
                let cookie = try #require(response.headers["set-cookie"])
                for part in ["messages=", "HttpOnly", "Path=/", "SameSite=Lax"] { #expect(cookie.contains(part)) }
                #expect(!cookie.contains("Max-Age"))
            }
            let page = try await site.client.get("/show/")
            #expect(page.text == "[success|success|25||saved]")
            #expect(page.headers["vary"]?.contains("Cookie") == true)
            #expect(site.client.cookies["messages"] == nil)
            #expect(try await text(site, "/show/") == "")
        }
    }

    @Test(arguments: ["fallback", "cookie", "session"])
    func `messages that no page shows are kept, in order`(_ storage: String) async throws {
        try await withSite(storage) { site in
            _ = try await site.client.get("/add/info/one/")
            #expect(try await text(site, "/plain/") == "plain")
            _ = try await site.client.get("/add/error/two/?tags=big%20red")
            #expect(try await text(site, "/count/") == "2 30")
            #expect(try await text(site, "/peek/") == "one,two")
            #expect(try await text(site, "/show/") == "[info|info|20||one][big red error|error|40|big red|two]")
            #expect(try await text(site, "/count/") == "none 30")
        }
    }

    @Test func `a page that adds no message sets no cookie and loads no session`() async throws {
        try await withSite { site in
            for path in ["/plain/", "/show/", "/count/"] {
                let response = try await site.client.get(path)
                #expect(response.headers["set-cookie"] == nil)
                #expect(response.headers["vary"]?.contains("Cookie") != true)
            }
        }
    }

    @Test func `a message that is added after the page has shown the others is kept`() async throws {
        try await withSite { site in
            _ = try await site.client.get("/add/info/one/")
            #expect(try await text(site, "/show-and-add/") == "[info|info|20||one]")
            #expect(try await text(site, "/show/") == "[info|info|20||late]")
        }
    }

    @Test func `a loop removes all messages, even those that it skips`() async throws {
        try await withSite { site in
            _ = try await site.client.get("/add/info/one/")
            _ = try await site.client.get("/add/error/two/")
            #expect(try await text(site, "/errors/") == "two")
            #expect(try await text(site, "/show/") == "")
        }
    }

    @Test func `text is escaped, and safe HTML stays safe`() async throws {
        for storage in ["cookie", "session"] {
            try await withSite(storage) { site in
                _ = try await site.client.get("/safe/")
                #expect(
                    try await text(site, "/show/")
                        == "[info|info|20||<b>safe</b>][info|info|20||&lt;b&gt;unsafe&lt;/b&gt;]")
            }
        }
    }

    @Test func `levels below MESSAGE_LEVEL are not kept, and a request can choose another level`() async throws {
        try await withSite { site in
            _ = try await site.client.get("/add/debug/no/")
            #expect(try await text(site, "/show/") == "")
            #expect(try await text(site, "/level/10/") == "[debug|debug|10||debug][warning|warning|30||warning]")
            #expect(try await text(site, "/level/40/") == "")
            #expect(try await text(site, "/level/30/") == "[warning|warning|30||warning]")
        }
        try await withSite("fallback", settings: { $0.messageLevel = 29 }) { site in
            for level in ["success", "custom", "warning"] { _ = try await site.client.get("/add/\(level)/\(level)/") }
            #expect(try await text(site, "/show/") == "[||29||custom][warning|warning|30||warning]")
        }
    }

    @Test func `MESSAGE_TAGS gives levels their tags`() async throws {
        let tags = [20: "note", 29: "custom", 30: "", 50: "critical"]
        try await withSite("fallback", settings: { $0.messageTags = tags }) { site in
            for level in ["info", "custom", "warning", "error", "critical"] {
                _ = try await site.client.get("/add/\(level)/x/?tags=extra")
            }
            #expect(
                try await text(site, "/show/")
                    == "[extra note|note|20|extra|x][extra custom|custom|29|extra|x][extra||30|extra|x]"
                    + "[extra error|error|40|extra|x][extra critical|critical|50|extra|x]")
        }
    }

    @Test(arguments: ["fallback", "cookie"])
    func `a cookie that cannot be read is ignored and deleted`(_ storage: String) async throws {
        try await withSite(storage) { site in
            _ = try await site.client.get("/add/info/one/")
            let good = try #require(site.client.cookies["messages"])
            let signer = TimestampSigner(
                key: "django.http.cookies" + site.settings.secretKey, salt: "django.contrib.messages")
            var bad = [
                "x", ":", "::", "a:b:c", String(good.dropLast()), "A" + good, String(repeating: "x", count: 5000),
                "[[\"__json_message\",0,20,\"x\"]]",
                TimestampSigner(key: site.settings.secretKey, salt: "django.contrib.messages").sign("W10"),
            ]
            for json in ["{}", "[1]", "[[]]", "[[\"__json_message\"]]", "[\"__messagesnotfinished__\",[]]", "7"] {
                bad.append(signer.sign(Self.base64(json)))
            }
            bad.append(signer.sign(".AAAA"))
            bad.append(signer.sign("*"))
            for value in bad {
                site.client.cookies["messages"] = value
                let response = try await site.client.get("/show/")
                #expect(response.text == "", "\(value)")
                #expect(response.headers["set-cookie"]?.contains("Max-Age=0") == true, "\(value)")
                #expect(site.client.cookies["messages"] == nil)
                // A new message replaces it.
                site.client.cookies["messages"] = value
                _ = try await site.client.get("/add/info/new/")
                #expect(try await text(site, "/show/") == "[info|info|20||new]")
            }
        }
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().filter { $0 != "=" }
    }

    @Test func `messages that do not fit into the cookie are stored in the session`() async throws {
        try await withSite { site in
            _ = try await site.client.get("/many/30/200/")
            let cookie = try #require(site.client.cookies["messages"])
            #expect(cookie.utf8.count <= 2048)
            #expect(site.client.cookies["sessionid"] != nil)
            #expect(try await text(site, "/count/") == "30 30")
            let page = try await text(site, "/show/")
            let numbers = page.split(separator: "[").map { $0.split(separator: "|").last?.split(separator: " ").first }
            #expect(numbers == (0..<30).map { Substring("\($0)") })
            #expect(site.client.cookies["messages"] == nil)
            #expect(try await text(site, "/show/") == "")
        }
    }

    @Test func `a message that is too large for the cookie is stored in the session`() async throws {
        try await withSite { site in
            _ = try await site.client.get("/many/1/6000/")
            #expect(try #require(site.client.cookies["messages"]).utf8.count <= 2048)
            let page = try await text(site, "/show/")
            #expect(page.utf8.count > 6000)
            #expect(try await text(site, "/show/") == "")
        }
    }

    @Test func `the cookie storage drops the oldest messages`() async throws {
        try await withSite("cookie", settings: { $0.debug = false }) { site in
            _ = try await site.client.get("/many/30/200/")
            #expect(try #require(site.client.cookies["messages"]).utf8.count <= 2048)
            let texts = try await text(site, "/peek/").split(separator: ",")
            #expect(texts.count > 5 && texts.count < 30)
            #expect(texts.last?.hasPrefix("29 ") == true)
        }
    }

    @Test func `the cookie has the domain and the attributes of the session cookie`() async throws {
        try await withSite(
            "fallback",
            settings: {
                $0.sessionCookieDomain = ".example.com"
                $0.sessionCookieSecure = true
                $0.sessionCookieHTTPOnly = false
                $0.sessionCookieSameSite = "Strict"
            }
        ) { site in
            let response = try await site.client.get("/add/info/one/")
            let cookie = try #require(response.headers["set-cookie"])
            for part in ["Domain=.example.com", "Secure", "SameSite=Strict"] { #expect(cookie.contains(part)) }
            #expect(!cookie.contains("HttpOnly"))
        }
    }

    @Test func `a message is kept even if its page fails`() async throws {
        try await withSite { site in
            let failed = try await site.client.get("/fail/")
            #expect(failed.status == .internalServerError)
            #expect(try await text(site, "/show/") == "[info|info|20||before the failure]")
        }
    }

    @Test func `an unknown storage is an error that names the choices`() throws {
        var settings = Settings()
        settings.secretKey = "the secret key of the tests"
        settings.messageStorage = "memcached"
        #expect {
            try MessageMiddleware(URLRouter([]), settings: settings)
        } throws: {
            "\($0)" == "MESSAGE_STORAGE is 'memcached', which is not a message storage. Set it to fallback, cookie "
                + "or session."
        }
    }
}
