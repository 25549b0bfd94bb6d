public import FoundationEssentials
public import StraitWeb

/// A store that keeps each session in its cookie, signed but readable; Django's `signed_cookies`.
///
/// A logout deletes the cookie, but a copy of the cookie stays valid until its lifetime ends. Store no secrets in such
/// a session, and only a little data: browsers keep at most 4,096 bytes.
public struct SignedCookieSessionStore: SessionStore {
    private let encoding: SessionEncoding
    private let maxAge: Duration
    /// The maximum size of a session in bytes, so that browsers keep its cookie.
    static let limit = 4000

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - settings: The settings of the site, with its `SECRET_KEY` and `SESSION_COOKIE_AGE`.
    public init(_ settings: Settings) {
        self.init(
            SessionEncoding(settings, salt: "django.contrib.sessions.backends.signed_cookies"),
            maxAge: .seconds(settings.sessionCookieAge))
    }

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - encoding: The encoding, with Django's salt `django.contrib.sessions.backends.signed_cookies`.
    ///   - maxAge: The maximum age of a session that is accepted.
    public init(_ encoding: SessionEncoding, maxAge: Duration) {
        self.encoding = encoding
        self.maxAge = maxAge
    }

    /// False: the key is the whole cookie.
    public var hasKeys: Bool { false }

    /// Reads the session from a cookie.
    public func load(_ key: String, at now: Date) async throws -> StoredSession? {
        encoding.data(of: key, maxAge: maxAge).map { StoredSession(key: key, data: $0) }
    }

    /// Returns the cookie for the data.
    public func create(_ data: SessionData, _ lifetime: SessionLifetime) async throws -> StoredSession {
        let key = try encoding.text(of: data)
        guard key.utf8.count <= Self.limit else {
            throw SessionError(
                code: .tooLarge,
                description: "The session has \(key.utf8.count) bytes, but browsers keep only about \(Self.limit) in a "
                    + "cookie. Store less in it, or use another SESSION_ENGINE.")
        }
        return StoredSession(key: key, data: data)
    }

    /// Returns a new cookie for the data.
    public func save(
        _ data: SessionData, changes: SessionChanges, over stored: StoredSession, _ lifetime: SessionLifetime
    ) async throws -> StoredSession? {
        try await create(data, lifetime)
    }

    /// Does nothing, because the response deletes the cookie.
    public func delete(_ key: String) async throws {}

    /// Does nothing, because an expired cookie is not accepted.
    public func clearExpired(at now: Date) async throws -> Int { 0 }
}
