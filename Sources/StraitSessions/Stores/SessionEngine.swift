import FoundationEssentials
internal import StraitCache
internal import StraitCore
internal import StraitDatabase
internal import StraitWeb

/// The session engines that `SESSION_ENGINE` can name.
enum SessionEngine: String {
    case database = "db"
    case cache = "cache"
    case cachedDatabase = "cached_db"
    case file = "file"
    case signedCookies = "signed_cookies"

    /// Reads the setting, with or without the prefix of Django's package.
    ///
    /// - Throws: ``SessionError/Code/noEngine`` for any other name.
    init(_ name: String) throws(SessionError) {
        let package = "django.contrib.sessions.backends."
        let short = name.hasPrefix(package) ? String(name.dropFirst(package.count)) : name
        guard let engine = SessionEngine(rawValue: short) else {
            throw SessionError(
                code: .noEngine,
                description: "Unknown SESSION_ENGINE '\(name)'. Set it to db, cached_db, cache, file or "
                    + "signed_cookies, or return Sessions with a store of your own from services(_:).")
        }
        self = engine
    }

    /// Creates the session store.
    func store(_ settings: Settings, _ services: Services) throws -> any SessionStore {
        switch self {
        case .cache: return CacheSessionStore(try services.get(Caches.self).cache(settings.sessionCacheAlias))
        case .cachedDatabase:
            return CachedDatabaseSessionStore(
                DatabaseSessionStore(try services.get(Database.self), SessionEncoding(settings)),
                try services.get(Caches.self).cache(settings.sessionCacheAlias))
        case .database: return DatabaseSessionStore(try services.get(Database.self), SessionEncoding(settings))
        case .file:
            let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
            return FileSessionStore(
                settings.sessionFilePath ?? temporary, cookieName: settings.sessionCookieName,
                age: settings.sessionCookieAge, SessionEncoding(settings), threads: try services.get(ThreadPool.self))
        case .signedCookies: return SignedCookieSessionStore(settings)
        }
    }
}
