import Strait
import StraitTesting
import Testing

/// A site whose sockets log in and out.
private struct KeeperSite: Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp.fast, SessionsApp()] }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] {
        path("who/") { request in .text("\(try await request.user)") }
        path("login/<str:name>/") { request in
            let name = try request.urlRoute["name"] as String
            let database = try request.services.get(Database.self)
            let user = try await User.objects.filter { $0.username == name }.get(in: database)
            try await request.login(AuthenticatedUser(user: user))
            return .text("")
        }
        path("ws/", Keeper())
    }
}

private final class Keeper: WebSocketConsumer {
    override func receive(text: String) async throws {
        let words = text.split(separator: " ").map(String.init)
        switch words[0] {
        case "login":
            let name = words[1]
            let database = try scope.services.get(Database.self)
            let user = try await User.objects.filter { $0.username == name }.get(in: database)
            try await scope.login(AuthenticatedUser(user: user))
            try await scope.session.save()
        case "again":
            let user = try #require(try await scope.user.as(User.self))
            try await scope.login(AuthenticatedUser(user: user))
            try await scope.session.save()
        default: try await scope.logout()
        }
        let session = try await scope.session
        send(text: "\(try await scope.user) \(session["_auth_user_id"] ?? "-") \(session.key ?? "-")")
    }
}

/// The behaviors of Channels' tests of `login` and `logout`.
@Suite struct `Login and logout in consumers` {
    private func withKeeper(_ body: (TestSite, [String: User]) async throws -> Void) async throws {
        try await TestSite(KeeperSite()) { site in
            let database = try site.services.get(Database.self)
            let (ann, bob) = (try await database.makeUser("ann"), try await database.makeUser("bob"))
            try await body(site, ["ann": ann, "bob": bob])
        }
    }

    private func ask(_ socket: WebSocketCommunicator, _ text: String) async throws -> [String] {
        try await socket.send(text: text)
        return try await socket.receiveText().split(separator: " ").map(String.init)
    }

    @Test func `a consumer logs in the user that it names`() async throws {
        try await withKeeper { site, users in
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            let answer = try await ask(socket, "login ann")
            #expect(answer[..<2] == ["ann", "\(try #require(users["ann"]).id)"])
            site.client.cookies["sessionid"] = answer[2]
            #expect(try await site.client.get("/who/").text == "ann")
        }
    }

    @Test func `a consumer logs in the user of its scope again, with the same key`() async throws {
        try await withKeeper { site, users in
            _ = try await site.client.get("/login/ann/")
            let key = try #require(site.client.cookies["sessionid"])
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            let answer = try await ask(socket, "again")
            #expect(answer[..<2] == ["ann", "\(try #require(users["ann"]).id)"])
            #expect(answer[2] == key)
        }
    }

    @Test func `a login as another user gives the session another key`() async throws {
        try await withKeeper { site, users in
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            let first = try await ask(socket, "login ann")
            let second = try await ask(socket, "login bob")
            #expect(second[..<2] == ["bob", "\(try #require(users["bob"]).id)"])
            #expect(first[2] != second[2])
            site.client.cookies["sessionid"] = first[2]
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
        }
    }

    @Test func `a logout empties the session and leaves an anonymous user`() async throws {
        try await withKeeper { site, _ in
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            let key = try await ask(socket, "login ann")[2]
            #expect(try await ask(socket, "logout") == ["AnonymousUser", "-", "-"])
            site.client.cookies["sessionid"] = key
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
        }
    }

    @Test func `a logout of nobody changes nothing`() async throws {
        try await withKeeper { site, _ in
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            #expect(try await ask(socket, "logout") == ["AnonymousUser", "-", "-"])
        }
    }

    /// A site that lacks one of the two middlewares.
    private struct BareSite: Site {
        let hasUsers: Bool
        init() { hasUsers = false }
        init(hasUsers: Bool) { self.hasUsers = hasUsers }
        var installedApps: [any App] { [ContentTypesApp(), AuthApp.fast, SessionsApp()] }
        var middleware: MiddlewareList {
            hasUsers ? .standard.appending(AuthenticationMiddleware.init) : .standard
        }
        var routes: [Route] {
            path("login/") { request in
                let user = try await User.objects.get(in: request.services.get(Database.self))
                do {
                    try await request.scope.login(AuthenticatedUser(user: user))
                    return .text("welcome")
                } catch {
                    return .text("\(error)")
                }
            }
        }
    }

    @Test func `a login without sessions or users in the scope is an error that says what to add`() async throws {
        for (hasUsers, name) in [(true, "SessionMiddleware"), (false, "AuthenticationMiddleware")] {
            try await TestSite(BareSite(hasUsers: hasUsers)) { site in
                try await site.services.get(Database.self).makeUser("ann")
                let text = try await site.client.get("/login/").text
                #expect(text.contains("Add \(name) to the site's middleware"), "\(text)")
            }
        }
    }
}
