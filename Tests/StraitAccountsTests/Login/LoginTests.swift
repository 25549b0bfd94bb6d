import FoundationEssentials
import Strait
import StraitTesting
import Testing

/// A site with users whose passwords are hashed fast.
struct DoorSite: Site {
    var installedApps: [any App] { [ContentTypesApp(), FastAuthApp(), SessionsApp()] }
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
        path("note/") { request in
            try await request.session["note"] = "kept"
            return .text("noted")
        }
        path("read/") { request in .text(try await request.session["note"] ?? "-") }
        path("may/<str:permission>/") { request in
            .text("\(try await request.user.has(try request.urlRoute["permission"]))")
        }
        path("ws/", DoorConsumer())
    }
}

/// Users whose passwords are hashed fast.
struct FastAuthApp: App {
    var label: String { "auth" }
    var models: [any Model.Type] { AccountSchema.models }
    var migrations: [any Migration.Type] { AccountSchema.migrations }
    func afterMigrate(_ database: Database) async throws { try await AuthApp().afterMigrate(database) }
    var contextProcessors: [ContextProcessor] { [.auth] }
    func services(_ settings: Settings) throws -> [any Service] {
        [
            PasswordHashers([PBKDF2PasswordHasher(iterations: 2), MD5PasswordHasher()]), Accounts(settings: settings),
            SocketWatch(),
        ]
    }
}

final class DoorConsumer: WebSocketConsumer {
    override func connect() async throws {
        let user = try await scope.user
        accept()
        send(text: "\(user)")
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
    @Test func `a user who logs in is known on pages and sockets until the logout`() async throws {
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

    @Test func `a wrong password, an unknown user and a deactivated one are refused`() async throws {
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
            // A thief who knew the key before the login has nothing.
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

    @Test func `a changed password, a deactivated and a deleted user end the session`() async throws {
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
}
