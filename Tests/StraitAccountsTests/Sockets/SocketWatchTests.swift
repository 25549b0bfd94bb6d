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
        let close = try await socket.receiveClose()
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
}
