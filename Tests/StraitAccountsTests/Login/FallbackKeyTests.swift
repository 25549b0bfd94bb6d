import FoundationEssentials
import Strait
import StraitSessions
import StraitTesting
import Testing

@testable import StraitAccounts

/// Sessions and tokens that were made with a key that is now in `SECRET_KEY_FALLBACKS`.
@Suite struct `Former secret keys` {
    private static let former = "the former secret key with many characters 0123456789"
    private static let current = "the current secret key with many characters 0123456789"

    private struct Place {
        let site: TestSite
        let store: DatabaseSessionStore
        let session: StoredSession
        let user: User
    }

    /// Runs a site with a session of a user that has a hash and a signature of the former key.
    private func withSession(
        engine: String = "db", fallbacks: [String] = [former], _ body: (Place) async throws -> Void
    ) async throws {
        try await TestSite(
            DoorSite(),
            settings: {
                $0.secretKey = Self.current
                $0.secretKeyFallbacks = fallbacks
                $0.sessionEngine = engine
            }
        ) { site in
            let database = try site.services.get(Database.self)
            let user = try await database.makeUser("ann")
            let hash = SessionHash(key: Self.former, fallbackKeys: []).hash(user.password)
            let json = """
                {"_auth_user_id":"\(user.id)","_auth_user_backend":"django.contrib.auth.backends.ModelBackend",\
                "_auth_user_hash":"\(hash)","note":"kept"}
                """
            let data = try SessionData(json: Bytes(json))
            let lifetime = SessionLifetime(now: Date(), age: 1000, end: Date().addingTimeInterval(1000))
            let session: StoredSession
            let salt = "django.contrib.sessions.backends.signed_cookies"
            if engine == "signed_cookies" {
                let encoding = SessionEncoding(key: Self.former, salt: salt)
                session = StoredSession(key: try encoding.text(of: data), data: data)
            } else {
                let old = DatabaseSessionStore(database, SessionEncoding(key: Self.former))
                session = try await old.create(data, lifetime)
            }
            let store = DatabaseSessionStore(database, SessionEncoding(key: Self.current))
            site.client.cookies["sessionid"] = session.key
            try await body(Place(site: site, store: store, session: session, user: user))
        }
    }

    @Test func `a page accepts the session, and gives it a new key, signature and hash`() async throws {
        try await withSession { place in
            let response = try await place.site.client.get("/who/")
            #expect(response.text == "ann")
            let key = try #require(place.site.client.cookies["sessionid"])
            #expect(key != place.session.key)
            #expect(try await place.store.load(place.session.key, at: Date()) == nil)
            let data = try #require(try await place.store.load(key, at: Date())).data
            let hash = SessionHash(key: Self.current, fallbackKeys: []).hash(place.user.password)
            #expect(data["_auth_user_hash"] == Bytes("\"\(hash)\""))
            #expect(data["note"] == "\"kept\"")
            let later = try await place.site.client.get("/who/")
            #expect(later.text == "ann")
            #expect(later.headers["set-cookie"] == nil)
        }
    }

    @Test func `a socket accepts the session and leaves it as it is`() async throws {
        try await withSession { place in
            let socket = place.site.client.webSocket("/ws/")
            _ = try await socket.open()
            #expect(try await socket.receiveText() == "ann")
            try await socket.disconnect()
            #expect(place.site.client.cookies["sessionid"] == place.session.key)
            // It still has the signature and the hash of the former key.
            #expect(try await place.store.load(place.session.key, at: Date())?.data.isEmpty == true)
            #expect(try await place.site.client.get("/who/").text == "ann")
        }
    }

    @Test func `a session in the cookie is accepted too, and is signed with the current key`() async throws {
        try await withSession(engine: "signed_cookies") { place in
            #expect(try await place.site.client.get("/who/").text == "ann")
            let cookie = try #require(place.site.client.cookies["sessionid"])
            let salt = "django.contrib.sessions.backends.signed_cookies"
            #expect(SessionEncoding(key: Self.current, salt: salt).data(of: cookie)?["note"] == "\"kept\"")
            #expect(try await place.site.client.get("/read/").text == "kept")
        }
    }

    @Test(arguments: ["db", "signed_cookies"])
    func `a key that is in neither setting is not accepted`(_ engine: String) async throws {
        try await withSession(engine: engine, fallbacks: []) { place in
            let name = try await place.site.client.get("/who/").text
            #expect(name == "AnonymousUser")
            #expect(try await place.site.client.get("/read/").text == "-")
        }
    }

    @Test func `a link that resets a password is accepted, and new ones have the current key`() async throws {
        try await withSession { place in
            var settings = Settings()
            settings.secretKey = Self.former
            let old = PasswordResetTokens(settings)
            let new = PasswordResetTokens(place.site.settings)
            #expect(new.accepts(old.token(for: place.user), for: place.user))
            #expect(!old.accepts(new.token(for: place.user), for: place.user))
        }
    }
}
