import FoundationEssentials
import Strait
import StraitTesting
import Testing

@testable import StraitAccounts

@Suite struct `Access tokens` {
    /// Calls `body` with a site, its access token service, the user `ann` and one of her tokens.
    private func withToken(_ body: (TestSite, AccessTokens, User, AccessTokens.New) async throws -> Void) async throws {
        try await withDoor { site, database in
            let user = try await database.makeUser("ann")
            let tokens = try site.services.get(AccessTokens.self)
            try await body(site, tokens, user, try await tokens.create(for: user, name: "phone"))
        }
    }

    private func bearer(_ text: String, scheme: String = "Bearer") -> HTTPFields {
        ["authorization": "\(scheme) \(text)"]
    }

    @Test(arguments: ["Bearer", "bearer", "BEARER "])
    func `a page knows the user from a token in the header`(scheme: String) async throws {
        try await withToken { site, _, _, token in
            let page = try await site.client.get("/who/", headers: bearer(token.text, scheme: scheme))
            #expect(page.text == "ann")
            #expect(!page.headers.contains("set-cookie"))
        }
    }

    @Test func `a token has only characters that a subprotocol allows`() async throws {
        try await withToken { _, _, _, token in
            #expect(token.text.wholeMatch(of: /[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/) != nil)
        }
    }

    @Test func `an invalid token is answered with 401, on pages and sockets`() async throws {
        try await withToken { site, _, _, token in
            let changed = token.text.dropLast() + (token.text.last == "A" ? "B" : "A")
            for text in ["x", "a.b", "a.b.c", ".", String(repeating: "a", count: 5000), String(changed)] {
                let page = try await site.client.get("/who/", headers: bearer(text))
                #expect(page.status == .unauthorized)
                #expect(page.headers["www-authenticate"] == "Bearer error=\"invalid_token\"")
                #expect(page.text.hasPrefix("The access token is not accepted"))
                let socket = site.client.webSocket("/ws/", headers: bearer(text))
                #expect(try await socket.connect().status == .unauthorized)
            }
            // Other schemes are ignored.
            #expect(
                try await site.client.get("/who/", headers: ["authorization": "Basic eDp5"]).text == "AnonymousUser")
        }
    }

    @Test func `a POST with a token needs no CSRF token, and one with a cookie still does`() async throws {
        try await withToken { site, _, _, token in
            let client = site.makeClient()
            client.sendsCSRFToken = false
            let withToken = try await client.request(.post, "/who/", headers: bearer(token.text))
            let without = try await client.request(.post, "/who/")
            let withOther = try await client.request(.post, "/who/", headers: bearer("a.b"))
            #expect([withToken.status, without.status, withOther.status] == [.ok, .forbidden, .unauthorized])
            #expect(withToken.text == "ann")
        }
    }

    @Test func `a token takes precedence over a session`() async throws {
        try await withToken { site, _, _, token in
            try await site.services.get(Database.self).makeUser("bob")
            _ = try await site.client.get("/login/bob/s3cret/")
            #expect(try await site.client.get("/who/", headers: bearer(token.text)).text == "ann")
            #expect(try await site.client.get("/who/").text == "bob")
        }
    }

    @Test func `a socket knows the user from a token among its subprotocols`() async throws {
        try await withToken { site, _, _, token in
            let socket = site.client.webSocket("/ws/", subprotocols: ["chat", "strait.bearer", token.text])
            let handshake = try await socket.open()
            // The consumer selected no subprotocol, and the server does not send the token back.
            #expect(handshake.subprotocol == "strait.bearer")
            #expect(try await socket.receiveText() == "ann")
            let refused = try await site.client.webSocket("/ws/", subprotocols: ["strait.bearer", "a.b"]).connect()
            #expect(refused.status == .unauthorized)
            let plain = try await site.client.webSocket("/ws/", subprotocols: ["strait.bearer"]).open()
            #expect(plain.isAccepted && plain.subprotocol == nil)
        }
    }

    @Test func `a consumer accepts a token in a message, and closes with 4401 otherwise`() async throws {
        try await withToken { site, tokens, _, token in
            let socket = site.client.webSocket("/ws/first/")
            _ = try await socket.open()
            try await socket.send(text: token.text)
            #expect(try await socket.receiveText() == "ann")
            try await tokens.revoke(token.row.id)
            #expect(try await socket.receiveClose().code == 4401)
            let other = site.client.webSocket("/ws/first/")
            _ = try await other.open()
            try await other.send(text: token.text)
            let close = try await other.receiveClose()
            #expect(close.code == 4401)
            #expect(close.reason == "invalid access token")
        }
    }

    @Test(arguments: ["revoked", "all revoked", "deleted row", "expired row", "password", "inactive"])
    func `when a token becomes invalid, its sockets are closed`(_ change: String) async throws {
        try await withToken { site, tokens, user, token in
            let database = try site.services.get(Database.self)
            let socket = site.client.webSocket("/ws/", headers: bearer(token.text))
            _ = try await socket.open()
            #expect(try await socket.receiveText() == "ann")
            var (user, row) = (user, token.row)
            switch change {
            case "revoked": try await tokens.revoke(row.id)
            case "all revoked": try await tokens.revokeAll(of: user)
            case "deleted row": _ = try await database.delete(row)
            case "expired row":
                row.expiresAt = Date()
                _ = try await database.save(row)
            case "password":
                user.password = "another"
                _ = try await database.save(user)
            default:
                user.isActive = false
                _ = try await database.save(user)
            }
            #expect(try await socket.receiveClose().code == 4401)
            #expect(try await site.client.get("/who/", headers: bearer(token.text)).status == .unauthorized)
        }
    }

    @Test func `a logout on a page keeps the user's tokens valid`() async throws {
        try await withToken { site, _, _, token in
            _ = try await site.client.get("/login/ann/s3cret/")
            _ = try await site.client.get("/logout/")
            #expect(try await site.client.get("/who/", headers: bearer(token.text)).text == "ann")
        }
    }

    @Test func `a user's tokens are listed with the newest first, and expired ones are cleared`() async throws {
        try await withToken { site, tokens, user, token in
            let second = try await tokens.create(for: user, name: "laptop")
            let old = try await tokens.create(for: user, name: "old", lifetime: .seconds(-1))
            #expect(try await tokens.tokens(of: user).map(\.name) == ["laptop", "phone"])
            #expect(try await site.client.get("/who/", headers: bearer(old.text)).status == .unauthorized)
            #expect(try await tokens.clearExpired() == 1)
            #expect(try await tokens.tokens(of: user).map(\.id) == [second.row.id, token.row.id])
        }
    }

    @Test func `an inactive user cannot get a token`() async throws {
        try await withDoor { site, database in
            let user = try await database.makeUser("ann", isActive: false)
            let error = await #expect(throws: AccountError.self) {
                try await site.services.get(AccessTokens.self).create(for: user)
            }
            #expect(error?.description == "No token for inactive user 'ann'. Activate the user first.")
        }
    }

    @Test func `a token made with a former key is accepted`() async throws {
        try await withDoor { site, database in
            let user = try await database.makeUser("ann")
            var settings = site.settings
            settings.secretKeyFallbacks = [settings.secretKey]
            settings.secretKey = "the new key of the site, which is long enough for it"
            let (old, new) = (try site.services.get(AccessTokens.self), AccessTokens(settings))
            try await new.start(in: site.services)
            let token = try await old.create(for: user)
            #expect(try await new.holder(of: token.text)?.user.username == "ann")
        }
    }

    @Test func `the name of a token has at most 100 characters`() async throws {
        try await withToken { _, tokens, user, _ in
            let error = await #expect(throws: AccountError.self) {
                try await tokens.create(for: user, name: String(repeating: "a", count: 101))
            }
            #expect(error?.description == "The name of an access token has at most 100 characters.")
        }
    }
}
