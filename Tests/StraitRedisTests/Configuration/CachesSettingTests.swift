import StraitCache
import StraitRedis
import Testing

@Suite struct `Setting CACHES` {
    private static let redis = #""BACKEND":"django.core.cache.backends.redis.RedisCache""#

    private func entry(_ text: String) throws -> CachesSetting.Entry? {
        try CachesSetting(json: "{\"default\":{\(text)}}").entries["default"]
    }

    @Test func `every part of Django's setting is read`() throws {
        #expect(
            try entry(Self.redis + #","LOCATION":"redis://10.0.0.5:6380/2""#)
                == .redis(RedisCacheConfiguration(host: try RedisHost("redis://10.0.0.5:6380/2"))))
        var address = RedisAddress(host: "h")
        address.database = 3
        address.username = "u"
        address.password = "p"
        #expect(
            try entry(
                Self.redis
                    + #","LOCATION":["redis://h"],"KEY_PREFIX":"shop","VERSION":2,"TIMEOUT":null,"OPTIONS":{"db":3,"#
                    + #""username":"u","password":"p","serializer":"django.core.signing.JSONSerializer"}"#)
                == .redis(
                    RedisCacheConfiguration(
                        host: .server(address), keyPrefix: "shop", version: 2, timeout: .never, serializer: .json)))
        #expect(
            try entry(
                #""BACKEND":"django.core.cache.backends.locmem.LocMemCache","TIMEOUT":60,"OPTIONS":{"MAX_ENTRIES":9}"#)
                == .memory(timeout: .seconds(60), maximumEntries: 9))
    }

    @Test func `without the setting there is one cache in memory`() throws {
        for json in [nil, ""] {
            let caches = try Caches(json: json)
            #expect(try !caches.cache().isShared)
        }
        let caches = try Caches(json: "{\"default\":{\(Self.redis),\"LOCATION\":\"redis://h\"}}")
        #expect(try caches.cache().isShared)
    }

    /// Entries and the problem that each has. `REDIS` stands for the backend.
    private static let mistakes: [(String, String)] = [
        ("", "has no BACKEND"),
        (#""BACKEND":"x""#, "is not a backend that Strait supports"),
        ("REDIS", "needs a LOCATION next to it"),
        (#"REDIS,"LOCATION":"redis://a,redis://b""#, "names several servers"),
        (#"REDIS,"LOCATION":["redis://a","redis://b"]"#, "does not name one server"),
        (#"REDIS,"LOCATION":"http://:secret@a""#, "is not a Redis address"),
        (#"REDIS,"LOCATION":"redis://a","TIMEOUT":-1"#, "is -1"),
        (#"REDIS,"LOCATION":"redis://a","OPTIONS":{"pool_class":"x"}"#, "is not an option of this backend"),
        (#"REDIS,"LOCATION":"redis://a","KEY_FUNCTION":"x""#, "is not known"),
        (#"REDIS,"LOCATION":"redis://a","OPTIONS":{"serializer":"x"}"#, "is not a serializer"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is an error with its path and without values`(_ text: String, _ problem: String) {
        let error = #expect(throws: CachesSettingError.self) {
            try entry(text.replacing("REDIS", with: Self.redis))
        }
        #expect(error?.path.hasPrefix("CACHES[\"default\"]") == true)
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `text that is not JSON is an error with its position`() {
        let error = #expect(throws: CachesSettingError.self) { try CachesSetting(json: "{") }
        #expect(error?.description.hasPrefix("CACHES is not valid JSON in line 1, column 2") == true)
    }
}
