import StraitLayers
import StraitRedis
import Testing

@Suite struct `The CHANNEL_LAYERS setting` {
    private typealias Layer = ChannelLayersSetting.Layer

    private static let core = "channels_redis.core.RedisChannelLayer"
    private static let pubSub = "channels_redis.pubsub.RedisPubSubChannelLayer"
    private static let memory = "channels.layers.InMemoryChannelLayer"

    private func layer(_ backend: String, _ options: String) throws -> Layer? {
        try ChannelLayersSetting(json: "{\"default\": {\"BACKEND\": \"\(backend)\", \"CONFIG\": {\(options)}}}")
            .layers["default"]
    }

    private func hosts(_ hosts: String) throws -> [RedisHost] {
        guard case .redis(let configuration)? = try layer(Self.core, "\"hosts\": \(hosts)") else { return [] }
        return configuration.hosts
    }

    private func refusal(_ json: String) -> String {
        do throws(ChannelLayersSettingError) {
            _ = try ChannelLayersSetting(json: json)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private func refusal(_ backend: String, _ options: String) -> String {
        refusal("{\"default\": {\"BACKEND\": \"\(backend)\", \"CONFIG\": {\(options)}}}")
    }

    @Test func `every option of channels_redis is read`() throws {
        let options = """
            "hosts": [["127.0.0.1", 6379]], "capacity": 50, "channel_capacity": {"http.*": 200, "a*": 3},
            "prefix": "site", "expiry": 30, "group_expiry": 3600, "symmetric_encryption_keys": ["k", "old"],
            "serializer_format": "json", "random_prefix_length": 12
            """
        let configuration = RedisLayerConfiguration(
            hosts: [.server(RedisAddress(host: "127.0.0.1"))], prefix: "site", expiry: .seconds(30),
            groupExpiry: .seconds(3600), capacity: ChannelCapacity(50, ["http.*": 200, "a*": 3]),
            encryptionKeys: ["k", "old"], serializer: .json)
        #expect(try layer(Self.core, options) == .redis(configuration))
        let withoutPrefix = options.replacing("_length\": 12", with: "_length\": 0")
        #expect(try layer(Self.pubSub, withoutPrefix) == .redisPubSub(configuration))
        #expect(
            try layer(
                Self.memory, "\"capacity\": 5, \"expiry\": 0.5, \"group_expiry\": 7, \"channel_capacity\": {\"a\": 1}")
                == .memory(
                    capacity: ChannelCapacity(5, ["a": 1]), expiry: .milliseconds(500), groupExpiry: .seconds(7)))
    }

    @Test func `omitted options have the defaults of Channels`() throws {
        let standard = RedisLayerConfiguration()
        #expect(standard.shards == [.server(RedisAddress())])
        #expect(standard.prefix == "asgi" && standard.expiry == .seconds(60) && standard.serializer == .msgpack)
        #expect(standard.groupExpiry == .seconds(86400) && standard.capacity == 100 && standard.encryptionKeys == [])
        #expect(try layer(Self.core, "") == .redis(standard))
        #expect(
            try layer(
                Self.core, "\"hosts\": null, \"channel_capacity\": null, \"symmetric_encryption_keys\": null")
                == .redis(standard))
        #expect(try layer(Self.pubSub, "\"on_disconnect\": null, \"on_reconnect\": null") == .redisPubSub(standard))
        #expect(
            try layer(Self.memory, "")
                == .memory(capacity: 100, expiry: .seconds(60), groupExpiry: .seconds(86400)))
        #expect(try ChannelLayersSetting(json: "{}").layers.isEmpty)
    }

    @Test func `the setting can define several layers, and TEST_CONFIG is ignored`() throws {
        let setting = try ChannelLayersSetting(
            json: """
                {"default": {"BACKEND": "\(Self.core)", "TEST_CONFIG": {"hosts": 5}},
                 "local": {"BACKEND": "\(Self.memory)"}}
                """)
        #expect(setting.layers.keys.sorted() == ["default", "local"])
    }

    @Test func `a host can be a URL, a [host, port] pair or an object`() throws {
        var address = RedisAddress(host: "h", port: 7000)
        #expect(
            try hosts(
                "[\"redis://h:7000\", [\"h\", 7000], {\"address\": \"redis://h:7000\"}, {\"address\": [\"h\", 7000]}]")
                == Array(repeating: .server(address), count: 4))
        #expect(try hosts("[{\"host\": \"h\", \"port\": 7000, \"ssl\": false}]") == [.server(address)])
        address.username = "u"
        address.password = "p"
        address.database = 3
        let access = "\"db\": 3, \"username\": \"u\", \"password\": \"p\""
        for place in [
            "\"address\": \"redis://h:7000\"", "\"address\": \"redis://u:p@h:7000/3\"", "\"address\": [\"h\", 7000]",
            "\"host\": \"h\", \"port\": 7000",
        ] {
            #expect(try hosts("[{\(place), \(access)}]") == [.server(address)], "\(place)")
        }
        #expect(
            try hosts("[{}, {\"port\": 6379}, {\"host\": \"localhost\"}]").allSatisfy { $0 == .server(RedisAddress()) })
        #expect(try hosts("[]") == [])
    }

    @Test func `parts of a URL override the options beside it, as in redis-py`() throws {
        #expect(
            try hosts(
                "[{\"address\": \"redis://u:p@h/0\", \"db\": 3, \"username\": \"x\", \"password\": \"y\"}]")
                == [try RedisHost("redis://u:p@h")])
    }

    @Test func `a Unix socket is given by its path`() throws {
        var address = RedisAddress(.unix(path: "/run/r.sock"))
        #expect(
            try hosts("[\"unix:///run/r.sock\", {\"unix_socket_path\": \"/run/r.sock\"}, {\"path\": \"/run/r.sock\"}]")
                == Array(repeating: .server(address), count: 3))
        address.database = 2
        #expect(try hosts("[{\"address\": \"unix:///run/r.sock\", \"db\": 2}]") == [.server(address)])
    }

    @Test func `sentinels have their own user and password`() throws {
        let expected = RedisSentinels(
            masterName: "mymaster", sentinels: [("a", 26379), ("b", 26380)], username: "u", password: "p", database: 1,
            sentinelUsername: "s", sentinelPassword: "t")
        #expect(
            try hosts(
                """
                [{"sentinels": [["a", 26379], ["b", 26380]], "master_name": "mymaster", "db": 1, "username": "u",
                  "password": "p", "sentinel_kwargs": {"username": "s", "password": "t"}}]
                """) == [.sentinels(expected)])
        var sentinel = RedisAddress(host: "a", port: 26379)
        sentinel.username = "s"
        sentinel.password = "t"
        #expect(expected.sentinels[0] == sentinel)
        #expect(expected.master(host: "m", port: 1).description == "redis://u:…@m:1/1")
        #expect(
            try hosts("[{\"sentinels\": [[\"a\", 1]], \"master_name\": \"m\", \"sentinel_kwargs\": null}]")
                == [.sentinels(RedisSentinels(masterName: "m", sentinels: [("a", 1)]))])
    }

    static let refused: [(options: String, path: String, text: String)] = [
        (
            "\"hosts\": \"redis://h\"", "[\"hosts\"]",
            "is a string. Write a list of hosts, even for one host: [\"redis://localhost:6379\"]."
        ),
        ("\"hosts\": [\"h:6379\"]", "[\"hosts\"][0]", "is not a Redis address. A Redis URL begins with redis://"),
        (
            "\"hosts\": [[\"h\"]]", "[\"hosts\"][0]",
            "has 1 elements. Write the host and the port: [\"10.0.0.5\", 6379]."
        ),
        (
            "\"hosts\": [[\"h\", \"6379\"]]", "[\"hosts\"][0][1]",
            "is a string. Write a port from 1 to 65535, as a number."
        ),
        ("\"hosts\": [[\"h\", 0]]", "[\"hosts\"][0][1]", "is 0. Write a port from 1 to 65535, as a number."),
        ("\"hosts\": [[6379, \"h\"]]", "[\"hosts\"][0][0]", "is a number. Write the name or the address of a host."),
        ("\"hosts\": [[\"redis://h\", 1]]", "[\"hosts\"][0][0]", "is not a host. Write the name or the address of"),
        ("\"hosts\": [5]", "[\"hosts\"][0]", "is a number. Write a URL, [host, port] or an object with address"),
        ("\"hosts\": [{\"address\": 5}]", "[\"hosts\"][0][\"address\"]", "is a number. Write a URL or [host, port]."),
        (
            "\"hosts\": [\"redis://h\", {\"socket_timeout\": 5}]", "[\"hosts\"][1][\"socket_timeout\"]",
            "is an option of redis-py that Strait does not support. Remove it, or write address, host, port,"
        ),
        (
            "\"hosts\": [{\"host\": \"h\", \"unix_socket_path\": \"/r\"}]", "[\"hosts\"][0]",
            "names the Redis server more than once. Write one of address, host with port, and unix_socket_path."
        ),
        (
            "\"hosts\": [{\"path\": \"r.sock\"}]", "[\"hosts\"][0][\"path\"]",
            "is not an absolute path. Begin it with a slash."
        ),
        ("\"hosts\": [{\"path\": \"/a\", \"unix_socket_path\": \"/a\"}]", "[\"unix_socket_path\"]", "a second socket"),
        ("\"hosts\": [{\"db\": -1}]", "[\"hosts\"][0][\"db\"]", "is -1. Write the number of a database from 0."),
        ("\"hosts\": [{\"db\": true}]", "[\"hosts\"][0][\"db\"]", "is true. Write the number of a database from 0."),
        ("\"hosts\": [\"rediss://h\"]", "[\"hosts\"][0]", Self.tls),
        ("\"hosts\": [{\"address\": \"rediss://h\"}]", "[\"hosts\"][0][\"address\"]", Self.tls),
        ("\"hosts\": [{\"ssl\": true}]", "[\"hosts\"][0][\"ssl\"]", Self.tls),
        ("\"hosts\": [{\"ssl_cert_reqs\": \"none\"}]", "[\"hosts\"][0][\"ssl_cert_reqs\"]", Self.tls),
        ("\"hosts\": [{\"ssl\": 1}]", "[\"hosts\"][0][\"ssl\"]", "is a number. Write true or false."),
        (
            "\"hosts\": [{\"sentinels\": [[\"a\", 1]]}]", "[\"hosts\"][0]",
            "has no master_name. Write both sentinels and"
        ),
        ("\"hosts\": [{\"master_name\": \"m\"}]", "[\"hosts\"][0]", "has no sentinels. Write both sentinels and"),
        (
            "\"hosts\": [{\"master_name\": \"m\", \"sentinels\": []}]", "[\"hosts\"][0][\"sentinels\"]",
            "is empty. Write a list: [[\"10.0.0.1\", 26379]]."
        ),
        (
            "\"hosts\": [{\"master_name\": \"m\", \"sentinels\": [[\"a\", 1]], \"host\": \"h\"}]", "[\"hosts\"][0]",
            "names sentinels and a server."
        ),
        (
            "\"hosts\": [{\"master_name\": \"m\", \"sentinels\": [[\"a\", 1]], \"sentinel_kwargs\": {\"ssl\": true}}]",
            "[\"sentinel_kwargs\"][\"ssl\"]", Self.tls
        ),
        (
            "\"hosts\": [{\"master_name\": \"m\", \"sentinels\": [[\"a\", 1]], \"sentinel_kwargs\": {\"db\": 1}}]",
            "[\"sentinel_kwargs\"][\"db\"]", "Remove it, or write username or password."
        ),
        ("\"prefix\": 5", "[\"prefix\"]", "is a number. Write a string, \"asgi\" for instance."),
        ("\"expiry\": 0", "[\"expiry\"]", "is 0. Write a whole number of seconds from 1."),
        ("\"expiry\": 60.5", "[\"expiry\"]", "is a number. Write a whole number of seconds from 1."),
        ("\"group_expiry\": \"1\"", "[\"group_expiry\"]", "is a string. Write a whole number of seconds from 1."),
        ("\"capacity\": null", "[\"capacity\"]", "is null. Write a whole number of messages from 1."),
        (
            "\"channel_capacity\": [1]", "[\"channel_capacity\"]",
            "is a list. Write an object of patterns and capacities"
        ),
        ("\"channel_capacity\": {\"http.*\": 0}", "[\"channel_capacity\"]", "is 0. Write a whole number of messages"),
        (
            "\"symmetric_encryption_keys\": \"k\"", "[\"symmetric_encryption_keys\"]",
            "is a string. Write a list of keys, even for one key."
        ),
        ("\"symmetric_encryption_keys\": [5]", "[\"symmetric_encryption_keys\"][0]", "is a number. Write a string."),
        ("\"symmetric_encryption_keys\": [\"\"]", "[\"symmetric_encryption_keys\"][0]", "Write a long random text."),
        (
            "\"serializer_format\": \"pickle\"", "[\"serializer_format\"]",
            "is not a format that Strait supports. Write \"msgpack\" or \"json\"."
        ),
        (
            "\"random_prefix_length\": 8", "[\"random_prefix_length\"]",
            "is not 12. Remove it on all sides: Strait supports no other length."
        ),
        ("\"hots\": []", "[\"hots\"]", "is not an option of this backend. Write hosts, prefix, expiry,"),
        ("\"on_disconnect\": \"a.b\"", "[\"on_disconnect\"]", "is not an option of this backend."),
    ]

    private static let tls =
        """
        requires TLS, which Strait does not support for Redis yet. Put a tunnel such as stunnel in front of Redis, \
        and write redis:// with the tunnel's address.
        """

    @Test(arguments: refused)
    func `an invalid option is rejected with its path and the correction`(options: String, path: String, text: String) {
        let error = refusal(Self.core, options)
        #expect(error.hasPrefix("CHANNEL_LAYERS[\"default\"][\"CONFIG\"]["), "\(error)")
        #expect(error.contains("\(path) \(text)") || error.contains(path) && error.contains(text), "\(error)")
    }

    static let wholes: [(json: String, text: String)] = [
        ("[]", "CHANNEL_LAYERS is a list. Write an object of aliases and layers."),
        ("{\"default\": 5}", "CHANNEL_LAYERS[\"default\"] is a number. Write an object with BACKEND and CONFIG."),
        (
            "{\"default\": {}}",
            "CHANNEL_LAYERS[\"default\"] has no BACKEND. Write one of channels.layers.InMemoryChannelLayer,"
        ),
        (
            "{\"default\": {\"BACKEND\": \"asgi_redis.RedisChannelLayer\"}}",
            "CHANNEL_LAYERS[\"default\"][\"BACKEND\"] is not a backend that Strait supports. Write one of"
        ),
        ("{\"a\": {\"ROUTING\": \"x\"}}", "CHANNEL_LAYERS[\"a\"][\"ROUTING\"] belongs to Channels 1. Remove it"),
        ("{\"a\": {\"CONFG\": {}}}", "CHANNEL_LAYERS[\"a\"][\"CONFG\"] is not known. Write BACKEND and CONFIG."),
        ("{\"a\": {\"CONFIG\": null}}", "CHANNEL_LAYERS[\"a\"][\"CONFIG\"] is null. Write an object of options."),
        (
            "{\n \"a\": {'BACKEND': 1}}",
            "CHANNEL_LAYERS is not valid JSON in line 2, column 8: expected a key in double quotes, not '''. "
                + "JSON has double quotes, no comma after the last entry, and true, false and null."
        ),
        ("", "CHANNEL_LAYERS is not valid JSON in line 1, column 1: the text is empty; send one value."),
        ("{\"a\": None}", "in line 1, column 7:"),
    ]

    @Test(arguments: wholes)
    func `an invalid or malformed setting is rejected with the correction`(json: String, text: String) {
        let error = refusal(json)
        #expect(error.hasPrefix(text) || error.contains(text), "\(error)")
    }

    @Test func `an option that the backend would ignore is rejected`() {
        #expect(
            refusal(Self.pubSub, "\"on_disconnect\": \"a.b\"").hasSuffix(
                "[\"on_disconnect\"] is never called: channels_redis dropped it with version 4. Remove it."))
        #expect(
            refusal(Self.pubSub, "\"connection_kwargs\": {\"password\": \"geheim\"}").hasSuffix(
                "[\"connection_kwargs\"] has no effect: channels_redis ignores it. Move its options into "
                    + "each entry of hosts."))
        #expect(refusal(Self.pubSub, "\"random_prefix_length\": 12").contains("is not 0. Remove it on all sides"))
        #expect(
            refusal(Self.memory, "\"hosts\": []").hasSuffix(
                "is not an option of this backend. Write expiry, group_expiry, capacity or channel_capacity."))
        #expect(refusal(Self.memory, "\"expiry\": 0").hasSuffix("Write a number of seconds over 0."))
    }

    @Test func `errors and descriptions contain no secrets`() throws {
        let wrong = [
            "\"hosts\": [\"redis://:geheim@h:x\"]", "\"hosts\": [[\"redis://:geheim@h\", 1]]",
            "\"hosts\": [{\"password\": [\"geheim\"]}]", "\"hosts\": [{\"redis://:geheim@h\": 1}]",
            "\"hosts\": [{\"password\": \"geheim\", \"x\": 1}]", "\"hosts\": {\"password\": \"geheim\"}",
            "\"symmetric_encryption_keys\": \"geheim\"", "\"symmetric_encryption_keys\": [\"geheim\", 1]",
            "\"hosts\": [\"redis://:geheim@h\" 5]", "\"hosts\": [{\"password\": \"geheim\n\"}]",
        ]
        for options in wrong {
            let error = refusal(Self.core, options)
            #expect(error != "" && !error.contains("geheim"), "\(options)")
        }
        #expect(!refusal(Self.core, "\"hosts\": [{\"password\": 4711}]").contains("4711"))
        let options = """
            "hosts": ["redis://u:geheim@h", {"sentinels": [["a", 1]], "master_name": "m", "password": "geheim",
                "sentinel_kwargs": {"password": "geheim"}}], "symmetric_encryption_keys": ["geheim"]
            """
        let layer = try layer(Self.core, options)
        guard case .redis(let configuration)? = layer else {
            Issue.record("The setting defined no Redis layer.")
            return
        }
        #expect(
            "\(configuration)"
                == "redis://u:…@h:6379/0, m of the sentinels redis://:…@a:1/0 with the prefix \"asgi\" as msgpack, "
                + "encrypted with 1 key")
        var text = String(reflecting: configuration) + "\(layer as Any)" + "\(configuration.hosts)"
        dump(layer, to: &text)
        dump(configuration.hosts, to: &text)
        dump(configuration.envelope(hasPrefix: true), to: &text)
        #expect(!text.contains("geheim"))
    }

    @Test func `the message envelope uses the configured serializer and keys`() throws {
        let configuration = RedisLayerConfiguration(encryptionKeys: ["a-test-key"], serializer: .json)
        let envelope = configuration.envelope(hasPrefix: false)
        let payload = try envelope.encode(["type": "t.m"], to: .queue, stamp: stamp())
        #expect(try envelope.decode(payload, now: 1_700_000_000).message == ["type": "t.m"])
        #expect(payload.starts(with: "gAAAAABl".utf8))
        #expect(RedisLayerConfiguration().envelope(hasPrefix: true).keys == nil)
    }
}
