import PostgresServers
import Strait
import StraitTesting
import TestFolders
import Testing

/// The pages of `accounts.py`, with Django's hashers.
struct AccountSite: Strait.Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), AccountsApp()] }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] {
        path("who/") { request in .text("\(try await request.user)") }
        path("login/<str:name>/<str:password>/") { request in
            guard
                let login = try await request.authenticate(
                    username: request.urlRoute["name"], password: request.urlRoute["password"])
            else { return .text("wrong", status: .forbidden) }
            try await request.login(login)
            return .text("welcome")
        }
        // A login without a hash, which takes long on a busy machine.
        path("as/<str:name>/") { request in
            let name = try request.urlRoute["name"] as String
            let database = try request.services.get(Database.self)
            let user = try await User.objects.filter { $0.username == name }.get(in: database)
            try await request.login(AuthenticatedUser(user: user))
            return .text("welcome")
        }
        path("logout/") { request in
            try await request.logout()
            return .text("")
        }
        path("read/<str:name>/") { request in
            .text(try await request.session[try request.urlRoute["name"] as String] ?? "-")
        }
        path("write/<str:name>/<str:value>/") { request in
            try await request.session[try request.urlRoute["name"] as String] = try request.urlRoute["value"] as String
            return .text("")
        }
        path("ws/", Namer())
    }
}

private final class Namer: WebSocketConsumer {
    override func connect() async throws {
        let user = try await scope.user
        accept()
        send(text: "\(user)")
    }
}

@Suite struct DjangoAccountTests {
    private static let key = "django-insecure-test-secret-key-0123456789"
    /// Hashes with Django's cost are computed on low-priority threads, which hardly run on a busy machine.
    private static let timeout = Duration.seconds(300)

    /// Runs a Strait site and a Django site on one new database of the given engine.
    private func withSites(
        _ engine: String, _ body: (TestSite, DjangoAccounts) async throws -> Void
    ) async throws {
        var url: String?
        if engine == "postgresql" {
            let server = try await PostgresServer.shared
            url = "postgres://\(PostgresServer.user)@/postgres?host=\(server.folder)&port=\(server.port)"
        }
        try await TestSite(
            AccountSite(),
            settings: {
                $0.secretKey = Self.key
                if let url { $0.databaseURL = url }
            }
        ) { site in
            let django = try DjangoAccounts(database: try #require(site.settings.databaseURL), key: Self.key)
            defer { django.end() }
            site.client.timeout = Self.timeout
            try await body(site, django)
        }
    }

    @Test(arguments: ["sqlite", "postgresql"])
    func `a login on either side is known on the other, and so is a logout`(_ engine: String) async throws {
        try await withSites(engine) { site, django in
            // Django finds all of its migrations applied.
            #expect(try await django.do("plan") == .array([]))
            // Django's permissions and content types already exist.
            let before = try await django.do("rows")
            try await django.do("migrate")
            #expect(try await django.do("rows") == before)
            #expect(before.array?.count == 5)
            try await django.do("create", ["username": "ann", "password": "s3cret"])
            // A login in Django.
            let cookie = try #require(try await django.text("login", ["username": "ann", "password": "s3cret"]))
            site.client.cookies["sessionid"] = cookie
            #expect(try await site.client.get("/who/").text == "ann")
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            #expect(try await socket.receiveText() == "ann")
            // A logout in Strait.
            _ = try await site.client.get("/logout/")
            #expect(try await django.text("who", ["cookie": .string(cookie)]) == "AnonymousUser")
            // A login in Strait.
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome")
            let own = try #require(site.client.cookies["sessionid"])
            #expect(try await django.text("who", ["cookie": .string(own)]) == "ann")
            // A logout in Django.
            try await django.do("logout", ["cookie": .string(own)])
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
            // A changed password in Django.
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome")
            try await django.do("password", ["username": "ann", "password": "another"])
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
            #expect(try await site.client.get("/login/ann/s3cret/").status == .forbidden)
            #expect(try await site.client.get("/login/ann/another/").text == "welcome")
        }
    }

    @Test(arguments: ["sqlite", "postgresql"])
    func `both sides read and write the values of a session`(_ engine: String) async throws {
        try await withSites(engine) { site, django in
            let values: [LayerValue] = [
                "text", "", "Ünï 🔑 \u{1}\u{7F}", 7, -1, 1.5, true, .null, .array([1, .array([])]),
                .object(["a": .object(["b": "c"])]), .string(String(repeating: "long ", count: 1000)),
            ]
            for value in values {
                let cookie = try #require(try await django.text("write", ["name": "value", "value": value]))
                site.client.cookies["sessionid"] = cookie
                // A change in Strait keeps the value.
                _ = try await site.client.get("/write/other/here/")
                #expect(try await django.do("read", ["cookie": .string(cookie), "name": "value"]) == value)
                #expect(try await django.do("read", ["cookie": .string(cookie), "name": "other"]) == "here")
            }
            site.client.cookies["sessionid"] = nil
            _ = try await site.client.get("/write/name/%C3%9Cn%C3%AF%20%F0%9F%94%91/")
            let cookie = try #require(site.client.cookies["sessionid"])
            #expect(try await django.do("read", ["cookie": .string(cookie), "name": "name"]) == "Ünï 🔑")
        }
    }

    @Test func `each side verifies the hashes of the other`() async throws {
        try await withTemporaryFolder { folder in
            let django = try DjangoAccounts(database: folder + "/db.sqlite3", key: Self.key)
            defer { django.end() }
            let own: [any PasswordHasher] = [
                PBKDF2PasswordHasher(), PBKDF2PasswordHasher(usesSHA1: true), ScryptPasswordHasher(),
                Argon2PasswordHasher(), BCryptPasswordHasher(), BCryptPasswordHasher(isHashedFirst: false),
                MD5PasswordHasher(),
            ]
            for hasher in own {
                // Plain bcrypt has a limit of 72 bytes, and its Python package rejects longer passwords.
                for password in ["s3cret", "pässwörd 🔑", String(repeating: "x", count: 70)] {
                    let hash = hasher.hash(password)
                    let isRight = try await django.do(
                        "check", ["password": .string(password), "hash": .string(hash)])
                    #expect(isRight == .bool(true), "\(hash)")
                    let isWrong = try await django.do(
                        "check", ["password": .string(password + "x"), "hash": .string(hash)])
                    #expect(isWrong == .bool(false))
                    let other = try await django.text(
                        "hash", ["password": .string(password), "hasher": .string(hasher.algorithm)])
                    #expect(hasher.verifies(password, try #require(other)))
                    #expect(!hasher.isOutdated(try #require(other)))
                }
            }
        }
    }

    @Test(arguments: ["sqlite", "postgresql"])
    func `a link in a mail of either side opens on the other and resets the password`(_ engine: String) async throws {
        try await withSites(engine) { site, django in
            try await django.do("create", ["username": "ann", "password": "s3cret"])
            // Django's link opens here.
            let path = try #require(try await django.text("reset", ["email": "ann@example.com"]))
            let page = try await site.client.get(path)
            let target = try #require(page.headers["location"])
            let done = try await site.client.post(
                target, form: ["new_password1": "blue-ferry-9", "new_password2": "blue-ferry-9"])
            #expect(done.headers["location"] == "/accounts/reset/done/")
            #expect(try await django.text("login", ["username": "ann", "password": "blue-ferry-9"]) != nil)
            // This site's link opens there.
            _ = try await site.client.post("/accounts/password_reset/", form: ["email": "ann@example.com"])
            let mail = try #require(await site.outbox.first).message.body
            let link = try #require(mail.firstMatch(of: /http:\/\/testserver(\/accounts\/reset\/[^ \n]*)/)).1
            let answer = try await django.text(
                "confirm", ["path": .string(String(link)), "password": "green-ferry-8"])
            #expect(answer == "complete")
            #expect(try await site.client.get("/login/ann/green-ferry-8/").text == "welcome")
            let again = try await django.text("confirm", ["path": .string(String(link)), "password": "x-ferry-7"])
            #expect(again == "invalid link")
        }
    }

    @Test func `an address to redirect to is safe only if Django says so`() async throws {
        try await withSites("sqlite") { _, django in
            var random = SystemRandomNumberGenerator()
            let parts = [
                "/", "//", "\\", "http:", "https:", "javascript:", "a", "evil.example", "good.example", "@", ":", ":80",
                "?", "#", "\t", "\n", " ", "\u{0}", "[", "]", "%2F", "é", "\u{202E}", ".", "..", "x/y",
            ]
            let urls = (0..<4000).map { _ in
                (0..<Int.random(in: 0...5, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
                    .joined()
            }
            let answers = try await django.do(
                "safe", ["urls": .array(urls.map { .string($0) }), "hosts": .array(["good.example"])])
            for (url, answer) in zip(urls, try #require(answers.array)) {
                let own = urlHasAllowedHostAndScheme(url, allowedHosts: ["good.example"])
                #expect(!own || answer == .bool(true), "\(url.debugDescription)")
                // Refusing more is safe, but only control characters and brackets are a reason.
                let isPlain = !url.unicodeScalars.contains {
                    $0.value < 0x20 || "[]\u{202E}".unicodeScalars.contains($0)
                }
                if isPlain { #expect(.bool(own) == answer, "\(url.debugDescription)") }
            }
        }
    }

    @Test(arguments: ["UTC", "America/Chicago", "Asia/Kathmandu"])
    func `each side accepts the password reset tokens of the other`(_ zone: String) async throws {
        try await TestSite(
            AccountSite(),
            settings: {
                $0.secretKey = Self.key
                $0.timeZone = zone
            }
        ) { site in
            let django = try DjangoAccounts(
                database: try #require(site.settings.databaseURL), key: Self.key, timeZone: zone)
            defer { django.end() }
            site.client.timeout = Self.timeout
            let database = try site.services.get(Database.self)
            let tokens = PasswordResetTokens(site.settings)
            func ann() async throws -> User { try await User.objects.get(in: database) }
            try await django.do("create", ["username": "ann", "password": "s3cret"])
            for _ in 0..<2 {
                let own = tokens.token(for: try await ann())
                let isAccepted = try await django.do("accepts", ["username": "ann", "token": .string(own)])
                #expect(isAccepted == .bool(true))
                let other = try #require(try await django.text("token", ["username": "ann"]))
                let user = try await ann()
                #expect(tokens.accepts(other, for: user))
                // A login makes both invalid.
                #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome")
                let later = try await ann()
                #expect(!tokens.accepts(other, for: later))
                #expect(try await django.do("accepts", ["username": "ann", "token": .string(own)]) == .bool(false))
            }
        }
    }
}
