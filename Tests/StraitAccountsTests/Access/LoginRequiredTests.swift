import Strait
import StraitTesting
import Testing

@Suite struct `Pages and sockets for some users only` {
    @Test func `another visitor is sent to the login page and back`() async throws {
        try await withPages { site, database in
            try await database.makeUser("ann")
            for path in ["/mine/", "/view/", "/add/", "/staff/", "/part/inner/"] {
                let answer = try await site.client.get(path + "?a=1&b=%2F")
                #expect(answer.status == .found)
                #expect(answer.headers["location"]?.hasPrefix("/accounts/login/?next=\(path)%3Fa%3D1%26b%3D") == true)
            }
            #expect(try await site.client.get("/part/none/").status == .notFound)
            #expect(try await site.client.get("/forbidden/").status == .forbidden)
            _ = try await site.client.logIn("ann")
            #expect(try await site.client.get("/mine/").text == "mine of ann")
            #expect(try await site.client.get("/view/").text == "view of ann")
            #expect(try await site.client.get("/part/inner/").text == "inner")
            #expect(try await site.client.get("/staff/").status == .found)
            #expect(try await site.client.get("/add/").status == .found)
            #expect(try await site.client.get("/forbidden/").status == .forbidden)
            let user = try await User.objects.get(in: database)
            let permission = try await Permission.objects.filter { $0.codename == "add_session" }.get(in: database)
            try await user.userPermissions.add([permission.id], in: database)
            #expect(try await site.client.get("/add/").text == "added")
            #expect(try await site.client.get("/forbidden/").text == "added")
        }
    }

    @Test func `LOGIN_URL may be the name of a route`() async throws {
        try await withPages(settings: { $0.loginURL = "login" }) { site, _ in
            let page = try await site.client.get("/mine/")
            #expect(page.headers["location"] == "/accounts/login/?next=/mine/")
        }
    }

    @Test func `a socket is refused with 403, or accepted and closed with 4401`() async throws {
        try await withPages { site, database in
            try await database.makeUser("ann")
            let refused = try await site.webSocket("/ws/").connect()
            #expect(!refused.isAccepted)
            #expect(refused.status == .forbidden)
            let closed = site.webSocket("/ws/after/")
            try await closed.open()
            let close = try await closed.receiveClose()
            #expect(close.code == 4401)
            #expect(close.reason == "login required")
            _ = try await site.client.logIn("ann")
            for path in ["/ws/", "/ws/after/"] {
                let socket = site.webSocket(path)
                try await socket.open()
                #expect(try await socket.receiveText() == "ann")
            }
        }
    }

    @Test func `templates have the user and the permissions, but no password`() async throws {
        try await withPages { site, database in
            let ann = try await database.makeUser("ann")
            #expect(try await site.client.get("/").text == "|False|AnonymousUser||")
            _ = try await site.client.logIn("ann")
            #expect(try await site.client.get("/").text == "ann|True|ann||")
            let permission = try await Permission.objects.filter { $0.codename == "add_session" }.get(in: database)
            try await ann.userPermissions.add([permission.id], in: database)
            #expect(try await site.client.get("/").text == "ann|True|ann|addany|")
            try await database.makeUser("root", isSuperuser: true)
            _ = try await site.client.logIn("root")
            #expect(try await site.client.get("/").text == "root|True|root|addany|")
        }
    }
}
