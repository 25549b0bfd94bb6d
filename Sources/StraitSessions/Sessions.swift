public import FoundationEssentials
public import StraitCore
public import StraitHTTP
public import StraitWeb
internal import Synchronization

/// A service for the sessions of a site: their store and their settings.
public final class Sessions: Service {
    /// The settings of the cookie and of the lifetime.
    public let settings: SessionSettings
    package let now: @Sendable () -> Date
    private let makeStore: @Sendable (Services) throws -> any SessionStore
    /// The store; nil before the service starts, unless the initializer got a store.
    private let started: Mutex<(any SessionStore)?>

    /// Creates the service with a store.
    ///
    /// - Parameters:
    ///   - store: The session store.
    ///   - settings: The settings of the cookie and of the lifetime.
    ///   - now: Returns the current time. A test can replace it.
    public init(
        _ store: any SessionStore, settings: SessionSettings = SessionSettings(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.now = now
        makeStore = { _ in store }
        started = Mutex(store)
    }

    /// Creates the service from the site's settings: `SESSION_ENGINE` and the other `SESSION_…` settings.
    public init(_ settings: Settings, now: @escaping @Sendable () -> Date = { Date() }) {
        self.settings = SessionSettings(settings)
        self.now = now
        makeStore = { services in
            if settings.secretKey.isEmpty { throw SiteError.noSecretKey }
            return try SessionEngine(settings.sessionEngine).store(settings, services)
        }
        started = Mutex(nil)
    }

    /// Creates the store.
    ///
    /// - Throws: ``SessionError/Code/noEngine`` if `SESSION_ENGINE` names an unknown engine;
    ///   ``/StraitCore/ServiceError`` if the site has no database for the store.
    public func start(in services: Services) async throws {
        let store = try makeStore(services)
        started.withLock { $0 = store }
    }

    /// The session store; Django's `SESSION_ENGINE`.
    ///
    /// - Throws: ``SessionError/Code/notStarted`` before the site has started its services.
    public var store: any SessionStore {
        get throws {
            guard let store = started.withLock({ $0 }) else { throw SessionError.notStarted }
            return store
        }
    }

    /// Returns the session for a cookie's value, or an empty session if there is none. An empty session gets a new key
    /// when it is saved, so a visitor cannot choose the key.
    ///
    /// - Throws: An error from the store.
    public func session(_ cookie: String?) async throws -> Session {
        let stored = try await load(cookie)
        return Session(stored, hasCookie: cookie != nil, in: self)
    }

    private func load(_ cookie: String?) async throws -> StoredSession? {
        guard let cookie, !cookie.isEmpty else { return nil }
        return try await store.load(cookie, at: now())
    }

    /// Deletes the expired sessions, and returns their number; Django's `clear_expired`.
    ///
    /// - Throws: An error from the store.
    public func clearExpired() async throws -> Int { try await store.clearExpired(at: now()) }

    /// Returns the cookie for a saved session.
    func cookie(_ key: String, _ session: Session) -> SetCookie {
        let lifetime = session.lifetime
        let isForNow = session.expiresAtBrowserClose
        return SetCookie(
            settings.cookieName, key, maxAge: isForNow ? nil : lifetime.age,
            expires: isForNow
                ? nil : HTTPDate(secondsSinceEpoch: Int(lifetime.now.timeIntervalSince1970) + lifetime.age),
            domain: settings.cookieDomain, path: settings.cookiePath, secure: settings.cookieSecure,
            httpOnly: settings.cookieHTTPOnly, sameSite: settings.cookieSameSite)
    }

    /// A cookie that makes the browser delete the session cookie.
    var deletion: SetCookie {
        SetCookie(
            settings.cookieName, "", maxAge: 0, expires: HTTPDate(secondsSinceEpoch: 0),
            domain: settings.cookieDomain, path: settings.cookiePath, secure: settings.cookieSecure,
            sameSite: settings.cookieSameSite)
    }
}

/// The settings of sessions; Django's `SESSION_…`.
public struct SessionSettings: Sendable, Hashable {
    /// `SESSION_COOKIE_NAME`: the name of the cookie.
    public var cookieName = "sessionid"
    /// `SESSION_COOKIE_AGE`: the lifetime of a session since its last change, in seconds. Two weeks by default.
    public var cookieAge = 1_209_600
    /// `SESSION_COOKIE_DOMAIN`: the domain of the cookie; nil for the host that sets it.
    public var cookieDomain: String?
    /// `SESSION_COOKIE_PATH`: the path of the cookie.
    public var cookiePath = "/"
    /// `SESSION_COOKIE_SECURE`: whether browsers send the cookie only over HTTPS.
    public var cookieSecure = false
    /// `SESSION_COOKIE_HTTPONLY`: whether the cookie is hidden from scripts.
    public var cookieHTTPOnly = true
    /// `SESSION_COOKIE_SAMESITE`: the cookie's policy for requests from other sites.
    public var cookieSameSite: SetCookie.SameSite? = SetCookie.SameSite(rawValue: "Lax")
    /// `SESSION_SAVE_EVERY_REQUEST`: whether each request restarts the session's lifetime.
    public var savesEveryRequest = false
    /// `SESSION_EXPIRE_AT_BROWSER_CLOSE`: whether the cookie expires when the browser closes.
    public var expiresAtBrowserClose = false

    /// Creates Django's defaults.
    public init() {}

    /// Creates the settings of a site.
    public init(_ settings: Settings) {
        cookieName = settings.sessionCookieName
        cookieAge = settings.sessionCookieAge
        cookieDomain = settings.sessionCookieDomain
        cookiePath = settings.sessionCookiePath
        cookieSecure = settings.sessionCookieSecure
        cookieHTTPOnly = settings.sessionCookieHTTPOnly
        cookieSameSite = SetCookie.SameSite(rawValue: settings.sessionCookieSameSite)
        savesEveryRequest = settings.sessionSaveEveryRequest
        expiresAtBrowserClose = settings.sessionExpireAtBrowserClose
    }
}
