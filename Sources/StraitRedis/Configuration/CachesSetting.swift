public import StraitCache
public import StraitCore
internal import StraitLayers

/// Django's setting `CACHES` as JSON, so that Django and Strait can share one setting.
///
/// ```json
/// {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://10.0.0.5:6379/1"}}
/// ```
///
/// Unknown backends and options are errors.
public struct CachesSetting: Sendable, Hashable {
    /// The configuration of one cache.
    public enum Entry: Sendable, Hashable {
        /// `django.core.cache.backends.locmem.LocMemCache`, with its `MAX_ENTRIES`, or nil for none.
        case memory(timeout: CacheTimeout, maximumEntries: Int?)
        /// `django.core.cache.backends.redis.RedisCache`.
        case redis(RedisCacheConfiguration)
    }

    /// The caches by name.
    public let entries: [String: Entry]

    /// Parses `json`, an object that maps names to caches. An entry has `BACKEND`, and may have `LOCATION`,
    /// `KEY_PREFIX`, `VERSION`, `TIMEOUT` and `OPTIONS`. A `LOCATION` with several servers is an error. For Redis,
    /// `OPTIONS` may have `db`, `username`, `password` and `serializer`.
    ///
    /// - Throws: ``CachesSettingError``.
    public init(json: String) throws(CachesSettingError) {
        do throws(ChannelLayersSettingError) {
            var entries: [String: Entry] = [:]
            for (name, entry) in try SettingValue(json: json, root: "CACHES").members("an object of caches by name") {
                entries[name] = try Self.entry(entry)
            }
            self.entries = entries
        } catch {
            throw CachesSettingError(path: error.path, description: error.description)
        }
    }

    private static func entry(_ entry: SettingValue) throws(ChannelLayersSettingError) -> Entry {
        var parts: [String: SettingValue] = [:]
        for (key, value) in try entry.members("an object with BACKEND and LOCATION") {
            guard ["BACKEND", "LOCATION", "KEY_PREFIX", "VERSION", "TIMEOUT", "OPTIONS"].contains(key) else {
                throw value.error(
                    "is not known", "Write BACKEND, LOCATION, KEY_PREFIX, VERSION, TIMEOUT and OPTIONS.")
            }
            parts[key] = value
        }
        guard let backend = parts["BACKEND"] else {
            throw entry.error("has no BACKEND", "Write \(memoryName) or \(redisName).")
        }
        let options = try parts["OPTIONS"]?.members("an object of options") ?? []
        let timeout = try parts["TIMEOUT"].map(timeout) ?? .seconds(300)
        switch try backend.string("the name of a class") {
        case memoryName: return try memory(timeout, options)
        case redisName: return .redis(try redis(parts, timeout, options))
        default:
            throw backend.error("is not a backend that Strait supports", "Write \(memoryName) or \(redisName).")
        }
    }

    private static let memoryName = "django.core.cache.backends.locmem.LocMemCache"
    private static let redisName = "django.core.cache.backends.redis.RedisCache"

    private static func timeout(_ value: SettingValue) throws(ChannelLayersSettingError) -> CacheTimeout {
        if value.isNull { return .never }
        return .seconds(try value.whole(0...Int(Int32.max), "a whole number of seconds from 0, or null for no expiry"))
    }

    private static func memory(
        _ timeout: CacheTimeout, _ options: [(key: String, value: SettingValue)]
    ) throws(ChannelLayersSettingError) -> Entry {
        var maximum: Int?
        for (key, value) in options {
            switch key {
            case "MAX_ENTRIES": maximum = try value.whole(1...Int(Int32.max), "a whole number of values from 1")
            // It has no effect: the cache always drops a quarter of its values at once.
            case "CULL_FREQUENCY": break
            default: throw value.error("is not an option of this backend", "Write MAX_ENTRIES.")
            }
        }
        return .memory(timeout: timeout, maximumEntries: maximum)
    }

    private static func redis(
        _ parts: [String: SettingValue], _ timeout: CacheTimeout, _ options: [(key: String, value: SettingValue)]
    ) throws(ChannelLayersSettingError) -> RedisCacheConfiguration {
        var configuration = RedisCacheConfiguration(timeout: timeout)
        var (username, password, database): (String?, String?, Int) = (nil, nil, 0)
        for (key, value) in options {
            switch key {
            case "db": database = try value.whole(0...Int(Int32.max), "the number of a database from 0")
            case "username": username = try value.string("a string")
            case "password": password = try value.string("a string")
            case "serializer":
                switch try value.string("the name of a serializer") {
                case "django.core.cache.backends.redis.RedisSerializer": configuration.serializer = .pickle
                case "django.core.signing.JSONSerializer": configuration.serializer = .json
                default:
                    throw value.error(
                        "is not a serializer that Strait supports",
                        "Remove it for pickle, or write django.core.signing.JSONSerializer.")
                }
            default:
                throw value.error(
                    "is not an option of this backend", "Write db, username, password or serializer.")
            }
        }
        if let location = parts["LOCATION"] {
            var place = location
            if case .array = location.value {
                let places = try location.elements("a URL")
                guard places.count == 1 else { throw location.error("does not name one server", "Write one URL.") }
                place = places[0]
            }
            let url = try place.string("a URL: redis://localhost:6379")
            guard !url.utf8.contains(where: { $0 == 0x2C || $0 == 0x3B }) else {
                throw place.error("names several servers", "Write the URL of the primary server alone.")
            }
            configuration.host = .server(
                try SettingHost.address(place, username: username, password: password, database: database))
        } else {
            throw ChannelLayersSettingError(
                path: parts["BACKEND"]?.path ?? "CACHES", problem: "needs a LOCATION next to it",
                advice: "Write a URL: redis://localhost:6379.")
        }
        if let prefix = parts["KEY_PREFIX"] { configuration.keyPrefix = try prefix.string("a string") }
        if let version = parts["VERSION"] {
            configuration.version = try version.whole(Int(Int32.min)...Int(Int32.max), "a whole number")
        }
        return configuration
    }
}

extension Caches {
    /// Creates the caches that a setting describes.
    ///
    /// - Parameter log: The log for the caches in Redis.
    public convenience init(_ setting: CachesSetting, log: Log = Log()) {
        self.init(
            setting.entries.mapValues { entry -> any Cache in
                switch entry {
                case .memory(let timeout, let maximum):
                    MemoryCache(maximumEntries: maximum ?? 1_000_000, timeout: timeout)
                case .redis(let configuration): RedisCache(configuration, log: log)
                }
            })
    }

    /// Creates the caches that the JSON text of `CACHES` describes. If `json` is nil or empty, the only cache is
    /// `default`, in memory.
    ///
    /// - Throws: `CachesSettingError`.
    public convenience init(json: String?, log: Log = Log()) throws(CachesSettingError) {
        guard let json, !json.isEmpty else {
            self.init()
            return
        }
        self.init(try CachesSetting(json: json), log: log)
    }
}

/// An error in the setting `CACHES`, with its path and advice. It quotes no values, because any value may be a secret.
public struct CachesSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the invalid value: `CACHES["default"]["LOCATION"]`.
    public let path: String
    /// The path, the problem and advice.
    public let description: String
}
