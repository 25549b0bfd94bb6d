public import StraitCore

/// A service with a site's caches by name; Django's `caches`.
///
/// A site has the caches of the setting `CACHES`, or one in memory named `default`. To configure them in Swift, return
/// them from `services(_:)`:
///
/// ```swift
/// func services(_ settings: Settings) throws -> [any Service] {
///     [Caches(["default": RedisCache(RedisCacheConfiguration(host: try RedisHost("redis://10.0.0.5")))])]
/// }
/// ```
public final class Caches: Service {
    private let caches: [String: any Cache]

    /// Creates the caches of a site.
    public init(_ caches: [String: any Cache] = ["default": MemoryCache()]) { self.caches = caches }

    /// Returns the cache with a name.
    ///
    /// - Throws: ``CacheError/Code/noCache`` if there is none. The text lists the names that exist.
    public func cache(_ name: String = "default") throws(CacheError) -> any Cache {
        if let cache = caches[name] { return cache }
        throw CacheError(
            .noCache,
            "There is no cache '\(name)'. Add it to CACHES, or use one of: "
                + caches.keys.sorted().joined(separator: ", ") + ".")
    }

    /// Closes the caches.
    public func stop() async {
        for cache in caches.values { await cache.close() }
    }
}
