import Strait
import StraitTesting
import Testing

@testable import StraitAccounts

@Suite struct `Sockets of users who are logged out` {
    /// Opens a socket for a client that is logged in.
    private func open(_ client: TestClient) async throws -> WebSocketCommunicator {
        let socket = client.webSocket("/ws/")
        _ = try await socket.open()
        #expect(try await socket.receiveText() == "ann")
        return socket
    }

    private func expectEnd(_ socket: WebSocketCommunicator) async throws {
        // A change in the database is found within a second, and the machine may be busy.
        let close = try await socket.receiveClose(timeout: .seconds(5))
        #expect(close.code == 4401)
        #expect(close.reason == "logged out")
    }

    @Test func `a logout closes only the sockets of its own session`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            let other = site.makeClient()
            _ = try await site.client.get("/login/ann/s3cret/")
            _ = try await other.get("/login/ann/s3cret/")
            let (first, second) = (try await open(site.client), try await open(site.client))
            let third = try await open(other)
            _ = try await site.client.get("/logout/")
            try await expectEnd(first)
            try await expectEnd(second)
            try await third.send(text: "still here")
            #expect(try await third.receiveText() == "ann")
            _ = try await other.get("/logout/")
            try await expectEnd(third)
        }
    }

    @Test(arguments: ["session", "password", "inactive", "user"])
    func `a change in the database closes the sockets`(_ change: String) async throws {
        try await withDoor { site, database in
            var user = try await database.makeUser("ann")
            _ = try await site.client.get("/login/ann/s3cret/")
            let socket = try await open(site.client)
            switch change {
            case "session":
                let key = try #require(site.client.cookies["sessionid"])
                try await site.services.get(Sessions.self).store.delete(key)
            case "password":
                user.password = "another"
                _ = try await database.save(user)
            case "inactive":
                user.isActive = false
                _ = try await database.save(user)
            default: _ = try await database.delete(user)
            }
            try await expectEnd(socket)
        }
    }

    @Test func `a logout in another process closes the sockets here`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            _ = try await site.client.get("/login/ann/s3cret/")
            let socket = try await open(site.client)
            let key = try #require(site.client.cookies["sessionid"])
            // The watch of another process on the same layer, which never looks at the database.
            let other = SocketWatch(interval: .seconds(3600))
            try await other.start(in: site.services)
            await other.end(session: key)
            try await expectEnd(socket)
            await other.stop()
        }
    }

    @Test func `a user who logs in on an open socket is watched from then on`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            var bob = try await database.makeUser("bob")
            _ = try await site.client.get("/login/ann/s3cret/")
            let socket = try await open(site.client)
            try await socket.send(text: "login bob")
            #expect(try await socket.receiveText() == "bob")
            try await socket.send(text: "save")
            #expect(try await socket.receiveText() == "bob")
            bob.isActive = false
            _ = try await database.save(bob)
            try await expectEnd(socket)
        }
    }

    @Test func `a consumer that logs its user out closes the session's other sockets`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            _ = try await site.client.get("/login/ann/s3cret/")
            let (first, second) = (try await open(site.client), try await open(site.client))
            try await first.send(text: "logout")
            #expect(try await first.receiveText() == "AnonymousUser")
            try await expectEnd(second)
            #expect(try await site.client.get("/who/").text == "AnonymousUser")
        }
    }

    @Test func `a refused handshake and a closed socket leave nothing behind`() async throws {
        try await withDoor { site, database in
            try await database.makeUser("ann")
            _ = try await site.client.get("/login/ann/s3cret/")
            let watch = try site.services.get(SocketWatch.self)
            let foreign = site.client.webSocket("/ws/", headers: ["origin": "http://other.example"])
            #expect(try await foreign.connect().status == .forbidden)
            #expect(watch.sockets.count == 0)
            let socket = try await open(site.client)
            #expect(watch.sockets.count == 1)
            try await socket.disconnect()
            #expect(watch.sockets.count == 0)
        }
    }

    @Test func `with signed cookies, a logout closes all sockets of the user`() async throws {
        try await TestSite(DoorSite(), settings: { $0.sessionEngine = "signed_cookies" }) { site in
            try await site.services.get(Database.self).makeUser("ann")
            _ = try await site.client.get("/login/ann/s3cret/")
            let socket = try await open(site.client)
            _ = try await site.client.get("/logout/")
            try await expectEnd(socket)
        }
    }

    @Test func `an inactive user of a backend that allows them stays connected`() async throws {
        try await TestSite(OpenDoorSite()) { site in
            try await site.services.get(Database.self).makeUser("ann", isActive: false)
            #expect(try await site.client.get("/login/ann/s3cret/").text == "welcome ann")
            let socket = try await open(site.client)
            let (accounts, sessions) = (try site.services.get(Accounts.self), try site.services.get(Sessions.self))
            try await site.services.get(SocketWatch.self).look(accounts, sessions, nil)
            try await socket.send(text: "still here")
            #expect(try await socket.receiveText() == "ann")
        }
    }
}

/// A site that lets inactive users in.
private struct OpenDoorSite: Site {
    var installedApps: [any App] {
        let backend = ModelBackend(allowsInactive: true)
        return [
            ContentTypesApp(), AuthApp(hashers: [PBKDF2PasswordHasher(iterations: 2)], backends: [backend]),
            SessionsApp(),
        ]
    }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] { DoorSite().routes }
}
