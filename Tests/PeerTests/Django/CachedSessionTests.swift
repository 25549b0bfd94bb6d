import RedisServers
import Strait
import StraitLayers
import StraitTesting
import Testing

@Suite struct `Cached sessions of Django` {
    private static let key = "django-insecure-test-secret-key-0123456789"

    /// Runs a site and a Django site with one database and one cache in Redis.
    private func withSites(
        _ engine: String, serializer: String? = nil, _ body: (TestSite, DjangoAccounts) async throws -> Void
    ) async throws {
        let server = try await RedisServer.shared
        let prefix = "test\(UInt64.random(in: 0 ... .max))"
        let options = serializer.map { #","OPTIONS":{"serializer":"\#($0)"}"# } ?? ""
        let caches = """
            {"default":{"BACKEND":"django.core.cache.backends.redis.RedisCache","LOCATION":"\(server.url)",\
            "KEY_PREFIX":"\(prefix)","VERSION":3\(options)}}
            """
        let name = "django.contrib.sessions.backends.\(engine)"
        try await TestSite(
            AccountSite(),
            settings: {
                $0.secretKey = Self.key
                $0.sessionEngine = name
                $0.caches = caches
            }
        ) { site in
            let django = try DjangoAccounts(
                database: try #require(site.settings.databaseURL), key: Self.key,
                settings: #"{"SESSION_ENGINE":"\#(name)","CACHES":\#(caches)}"#)
            defer { django.end() }
            try await body(site, django)
        }
    }

    @Test(arguments: ["cache", "cached_db"])
    func `a login on either side is known on the other, and so is a logout`(_ engine: String) async throws {
        try await withSites(engine) { site, django in
            try await django.do("create", ["username": "ann", "password": "s3cret"])
            let cookie = try #require(try await django.text("login", ["username": "ann", "password": "s3cret"]))
            site.client.cookies["sessionid"] = cookie
            #expect(try await site.client.get("/who/").text == "ann")
            _ = try await site.client.get("/logout/")
            #expect(try await django.text("who", ["cookie": .string(cookie)]) == "AnonymousUser")
            #expect(try await site.client.get("/as/ann/").text == "welcome")
            let own = try #require(site.client.cookies["sessionid"])
            #expect(try await django.text("who", ["cookie": .string(own)]) == "ann")
            let rest = try #require(try await django.do("expire", ["cookie": .string(own)]).int)
            #expect((1_208_000...1_209_600).contains(rest))
            try await django.do("logout", ["cookie": .string(own)])
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
        }
    }

    @Test(arguments: ["cache", "cached_db"], [nil, "django.core.signing.JSONSerializer"])
    func `values of a session are read and written by both sides`(
        _ engine: String, _ serializer: String?
    ) async throws {
        try await withSites(engine, serializer: serializer) { site, django in
            let values: [LayerValue] = [
                "text", "", "Ünï 🔑 \u{1}\u{7F}", 7, -1, 70_000, .int(.max), .int(.min), .unsigned(.max), 1.5, true,
                .null, .array([1, .array([])]), .object(["a": .object(["b": "c"])]),
                .string(String(repeating: "long ", count: 1000)), .array((0..<1500).map { .int($0) }),
            ]
            for value in values {
                let cookie = try #require(try await django.text("write", ["name": "value", "value": value]))
                site.client.cookies["sessionid"] = cookie
                // A change here keeps the value.
                _ = try await site.client.get("/write/other/here/")
                #expect(try await django.do("read", ["cookie": .string(cookie), "name": "value"]) == value)
                #expect(try await django.do("read", ["cookie": .string(cookie), "name": "other"]) == "here")
                // A change there is seen here.
                try await django.do("write", ["cookie": .string(cookie), "name": "other", "value": "there"])
                #expect(try await site.client.get("/read/other/").text == "there")
            }
        }
    }
}
