import FoundationEssentials
import Strait
import StraitTesting
import Testing

@testable import StraitAccounts

/// A site with users, whose passwords are hashed quickly.
struct DoorSite: Site {
    var installedApps: [any App] {
        [ContentTypesApp(), AuthApp.fast, SessionsApp(), TokensApp()]
    }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] {
        path("who/") { request in .text("\(try await request.user)") }
        path("login/<str:name>/<str:password>/") { request in
            guard
                let login = try await request.authenticate(
                    username: request.urlRoute["name"], password: request.urlRoute["password"])
            else { return .text("wrong", status: .forbidden) }
            try await request.login(login)
            return .text("welcome \(try await request.user)")
        }
        path("logout/") { request in
            try await request.logout()
            return .text("\(try await request.user)")
        }
        path("password/<str:password>/") { request in
            let database = try request.services.get(Database.self)
            guard var user = try await request.user.as(User.self) else { return .status(.forbidden) }
            user.password = PBKDF2PasswordHasher(iterations: 2).hash(try request.urlRoute["password"])
            user = try await database.save(user)
            try await request.scope.updateSessionHash(user)
            return .text("\(try await request.user)")
        }
        path("note/") { request in
            try await request.session["note"] = "kept"
            return .text("noted")
        }
        path("read/") { request in .text(try await request.session["note"] ?? "-") }
        path("may/<str:permission>/") { request in
            .text("\(try await request.user.has(try request.urlRoute["permission"]))")
        }
        path("ws/", DoorConsumer())
        path("ws/first/", FirstMessageConsumer())
    }
}

extension AuthApp {
    /// The app with password hashers of low cost.
    static var fast: AuthApp { AuthApp(hashers: [PBKDF2PasswordHasher(iterations: 2), MD5PasswordHasher()]) }
}

final class DoorConsumer: WebSocketConsumer {
    override func connect() async throws {
        let user = try await scope.user
        accept()
        send(text: "\(user)")
    }

    /// Logs in or out as the client asks, and answers with the user.
    override func receive(text: String) async throws {
        if text == "logout" { try await scope.logout() }
        if text == "save" { try await scope.session.save() }
        if text.hasPrefix("login "),
            let login = try await scope.authenticate(username: String(text.dropFirst(6)), password: "s3cret")
        {
            try await scope.login(login)
        }
        send(text: "\(try await scope.user)")
    }
}

/// A consumer whose client sends an access token in its first message.
final class FirstMessageConsumer: WebSocketConsumer {
    override func receive(text: String) async throws {
        if try await scope.user.isAnonymous {
            guard try await authenticate(token: text) else { return }
        }
        send(text: "\(try await scope.user)")
    }
}

func withDoor(_ body: (TestSite, Database) async throws -> Void) async throws {
    try await TestSite(DoorSite()) { site in try await body(site, try site.services.get(Database.self)) }
}

extension Database {
    /// Creates a user with the password `s3cret`.
    @discardableResult
    func makeUser(_ name: String, isActive: Bool = true, isSuperuser: Bool = false) async throws -> User {
        let hash = PBKDF2PasswordHasher(iterations: 2).hash("s3cret")
        return try await create(
            User.Draft(password: hash, isSuperuser: isSuperuser, username: name, isActive: isActive))
    }
}

@Suite struct `Login and logout` {
    @Test func `a user who logs in is known to pages and sockets until the logout`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome ann")
            #expect(try await site.client.get("/who/").text == "ann")
            let socket = site.client.webSocket("/ws/")
            _ = try await socket.open()
            #expect(try await socket.receiveText() == "ann")
            #expect(try await site.client.get("/logout/").text == "AnonymousUser")
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
            let user = try await User.objects.filter { $0.username == "ann" }.get(in: database)
            #expect(user.lastLogin != nil)
        }
    }

    @Test func `a wrong password, an unknown user and an inactive user are rejected`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            try await database.makeUser("bob", isActive: false)
            for path in ["/login/ann/wrong/", "/login/eve/s3cret/", "/login/bob/s3cret/", "/login/ANN/s3cret/"] {
                let response = try await site.client.get(path)
                #expect(response.status == .forbidden)
                #expect(response.headers["set-cookie"] == nil)
            }
        }
    }

    @Test func `the session gets a new key at login and keeps its values`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            _ = try await site.client.get("/note/")
            let before = try #require(site.client.cookies["sessionid"])
            _ = try await site.client.get("/login/ann/s3cret/")
            let after = try #require(site.client.cookies["sessionid"])
            #expect(before != after)
            #expect(try await site.client.get("/read/").text == "kept")
            // A thief who knew the key before the login gains nothing.
            let thief = site.makeClient()
            thief.cookies["sessionid"] = before
            #expect(try await thief.get("/who/").text == "AnonymousUser")
            #expect(try await thief.get("/read/").text == "-")
        }
    }

    @Test func `a login as another user empties the session`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            try await database.makeUser("bob")
            _ = try await site.client.get("/login/ann/s3cret/")
            _ = try await site.client.get("/note/")
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome ann")
            #expect(try await site.client.get("/read/").text == "kept")
            #expect(try await site.client.get("/login/bob/s3cret/").text == "welcome bob")
            #expect(try await site.client.get("/read/").text == "-")
        }
    }

    @Test func `the session ends when the password changes or the user is deactivated or deleted`() async throws {
        try await withDoor { site, database in
            for change in ["password", "active", "deleted"] {
                var user = try await database.makeUser("ann")
                _ = try await site.client.get("/login/ann/s3cret/")
                #expect(try await site.client.get("/who/").text == "ann")
                switch change {
                case "password": user.password = MD5PasswordHasher().hash("new")
                case "active": user.isActive = false
                default: break
                }
                if change != "deleted" { _ = try await database.save(user) }
                if change == "deleted" { _ = try await database.delete(user) }
                let name = try await site.client.get("/who/").text
                #expect(name == "AnonymousUser", "\(change)")
                if change != "deleted" { _ = try await database.delete(user) }
            }
        }
    }

    @Test func `a hash of another algorithm is replaced at login`() async throws {
        try await withDoor { site, database in
            _ = try await database.create(
                User.Draft(password: MD5PasswordHasher().hash("s3cret"), username: "ann"))
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome ann")
            #expect(try await site.client.get("/who/").text == "ann")
            let user = try await User.objects.get(in: database)
            #expect(user.password.hasPrefix("pbkdf2_sha256$2$"))
        }
    }

    @Test func `permissions come from the user and the user's groups`() async throws {
        try await withDoor { site, database in
            let ann = try await database.makeUser("ann")
            func permission(_ codename: String) async throws -> Permission {
                try await Permission.objects.filter { $0.codename == codename }.get(in: database)
            }
            let (add, view) = (try await permission("add_session"), try await permission("view_session"))
            let group = try await database.create(User.Group.Draft(name: "friends"))
            try await ann.userPermissions.add([add.id], in: database)
            try await group.permissions.add([view.id], in: database)
            try await ann.groups.add([group.id], in: database)
            #expect(try await site.client.get("/may/sessions.add_session/").text == "false")
            _ = try await site.client.get("/login/ann/s3cret/")
            for (name, holds) in [("add_session", true), ("view_session", true), ("delete_session", false)] {
                let answer = try await site.client.get("/may/sessions.\(name)/").text
                #expect(answer == "\(holds)", "\(name)")
            }
            try await database.makeUser("root", isSuperuser: true)
            _ = try await site.client.get("/login/root/s3cret/")
            #expect(try await site.client.get("/may/anything.at_all/").text == "true")
        }
    }

    @Test func `a password change keeps this session and ends the others`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            let other = site.makeClient()
            for client in [site.client, other] { _ = try await client.get("/login/ann/s3cret/") }
            let before = site.client.cookies["sessionid"]
            #expect(try await site.client.get("/password/another/").text == "ann")
            #expect(site.client.cookies["sessionid"] != before)
            #expect(try await site.client.get("/who/").text == "ann")
            #expect(try await other.get("/who/").text == "AnonymousUser")
        }
    }

    @Test func `a second login of the same user keeps the session's key, as in Django`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            _ = try await site.client.get("/login/ann/s3cret/")
            let key = site.client.cookies["sessionid"]
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome ann")
            #expect(site.client.cookies["sessionid"] == key)
        }
    }

    @Test func `a deleted user cannot log in`() async throws {
        try await withDoor { site, database in
            let user = try await database.makeUser("ann")
            _ = try await database.delete(user)
            let error = await #expect(throws: AccountError.self) {
                let scope = Scope(type: .http, path: "/", services: site.services)
                let stack = try AuthMiddlewareStack(URLRouter { path("") { _ in .text("") } })
                let resolution = try #require(try await stack.resolve(scope))
                try await resolution.scope.login(AuthenticatedUser(user: user))
            }
            #expect(error?.description == "The user 'ann' has been deleted and cannot log in.")
        }
    }

    @Test func `after five wrong passwords, an attempt has to wait, and the page answers 429`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            for _ in 0..<5 { #expect(try await site.client.get("/login/ann/wrong/").status == .forbidden) }
            // On a busy machine, a wait ends before the next attempt; each one is twice as long.
            var statuses: [HTTPStatus] = []
            while statuses.last != .tooManyRequests, statuses.count < 15 {
                statuses.append(try await site.client.get("/login/ann/wrong/").status)
            }
            #expect(statuses.last == .tooManyRequests)
        }
    }

    @Test func `a rehash does not replace a password that was changed in the meantime`() async throws {
        try await withDoor { _, database in
            var user = try await database.makeUser("ann")
            let old = user
            user.password = "another"
            user = try await database.save(user)
            #expect(try await old.replacePassword(with: "rehashed", in: database) == false)
            #expect(try await User.objects.get(in: database).password == "another")
            #expect(try await user.replacePassword(with: "rehashed", in: database))
        }
    }

    @Test func `a site without a SECRET_KEY does not start with accounts`() async throws {
        let error = await #expect(throws: (any Error).self) {
            try await TestSite(DoorSite(), settings: { $0.secretKey = "" }) { _ in }
        }
        #expect("\(try #require(error))".contains("Nothing can be signed without a SECRET_KEY."))
    }
}
