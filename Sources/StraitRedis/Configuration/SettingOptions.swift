internal import StraitCore
internal import StraitJSON
internal import StraitLayers

/// The `CONFIG` of one layer.
struct SettingOptions {
    private let members: [(key: String, value: SettingValue)]

    init(_ members: [(key: String, value: SettingValue)] = []) { self.members = members }

    func memory() throws(ChannelLayersSettingError) -> ChannelLayersSetting.Layer {
        var capacity = ChannelCapacity()
        var expiry = Duration.seconds(60)
        var groupExpiry = Duration.seconds(86400)
        for (key, value) in members {
            switch key {
            case "expiry": expiry = try Self.seconds(value)
            case "group_expiry": groupExpiry = try Self.seconds(value)
            case "capacity": capacity.standard = try Self.capacity(value)
            case "channel_capacity": capacity.patterns = try Self.patterns(value)
            default:
                throw value.error(
                    "is not an option of this backend", "Write expiry, group_expiry, capacity or channel_capacity.")
            }
        }
        return .memory(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry)
    }

    func redis(isPubSub: Bool) throws(ChannelLayersSettingError) -> RedisLayerConfiguration {
        var configuration = RedisLayerConfiguration()
        for (key, value) in members {
            switch key {
            case "hosts": configuration.hosts = try Self.hosts(value)
            case "prefix": configuration.prefix = try value.string("a string, \"asgi\" for instance")
            case "expiry": configuration.expiry = try Self.wholeSeconds(value)
            case "group_expiry": configuration.groupExpiry = try Self.wholeSeconds(value)
            case "capacity": configuration.capacity.standard = try Self.capacity(value)
            case "channel_capacity": configuration.capacity.patterns = try Self.patterns(value)
            case "symmetric_encryption_keys": configuration.encryptionKeys = try Self.keys(value)
            case "serializer_format": configuration.serializer = try Self.serializer(value)
            case "random_prefix_length":
                let length = isPubSub ? 0 : MessageEnvelope.prefixLength
                guard value.value.int == length else {
                    throw value.error(
                        "is not \(length)", "Remove it on all sides: Strait supports no other length.")
                }
            case "on_disconnect" where isPubSub, "on_reconnect" where isPubSub:
                guard value.isNull else {
                    throw value.error("is never called: channels_redis dropped it with version 4", "Remove it.")
                }
            case "connection_kwargs" where isPubSub:
                throw value.error(
                    "has no effect: channels_redis ignores it",
                    "Move its options into each entry of hosts.")
            default:
                throw value.error(
                    "is not an option of this backend",
                    """
                    Write hosts, prefix, expiry, group_expiry, capacity, channel_capacity, symmetric_encryption_keys \
                    or serializer_format.
                    """)
            }
        }
        return configuration
    }

    private static func hosts(_ value: SettingValue) throws(ChannelLayersSettingError) -> [RedisHost] {
        // As in Channels, None is the default.
        if value.isNull { return [] }
        var hosts: [RedisHost] = []
        for entry in try value.elements("a list of hosts, even for one host: [\"redis://localhost:6379\"]") {
            hosts.append(try SettingHost.read(entry))
        }
        return hosts
    }

    private static func keys(_ value: SettingValue) throws(ChannelLayersSettingError) -> [String] {
        if value.isNull { return [] }
        var keys: [String] = []
        for entry in try value.elements("a list of keys, even for one key") {
            let key = try entry.string("a string")
            guard !key.isEmpty else { throw entry.error("is empty", "Write a long random text.") }
            keys.append(key)
        }
        return keys
    }

    private static func serializer(_ value: SettingValue) throws(ChannelLayersSettingError) -> RedisSerializer {
        let expected = "\"msgpack\" or \"json\""
        guard let serializer = RedisSerializer(rawValue: try value.string(expected)) else {
            throw value.error("is not a format that Strait supports", "Write \(expected).")
        }
        return serializer
    }

    /// The maximum of seconds and of messages: a 32-bit number, which every machine can count.
    private static let most = Int(Int32.max)

    private static func capacity(_ value: SettingValue) throws(ChannelLayersSettingError) -> Int {
        try value.whole(1...most, "a whole number of messages from 1")
    }

    private static func patterns(
        _ value: SettingValue
    ) throws(ChannelLayersSettingError) -> [(glob: String, capacity: Int)] {
        if value.isNull { return [] }
        var patterns: [(glob: String, capacity: Int)] = []
        for (glob, entry) in try value.members("an object of patterns and capacities: {\"http.*\": 200}") {
            patterns.append((glob, try capacity(entry)))
        }
        return patterns
    }

    private static func wholeSeconds(_ value: SettingValue) throws(ChannelLayersSettingError) -> Duration {
        .seconds(try value.whole(1...most, "a whole number of seconds from 1"))
    }

    /// Parses seconds for the in-memory layer, which supports fractions.
    private static func seconds(_ value: SettingValue) throws(ChannelLayersSettingError) -> Duration {
        guard let seconds = value.value.double, seconds > 0, seconds <= Double(most) else {
            throw value.mismatch("a number of seconds over 0")
        }
        return .seconds(seconds)
    }
}

/// A value in the setting, with its path.
struct SettingValue {
    let path: String
    let value: LayerValue

    /// Parses the whole setting, whose name is `root`.
    init(json: String, root: String) throws(ChannelLayersSettingError) {
        let text = Bytes(json)
        do {
            self.init(path: root, try LayerValue(json: text, dialect: .strict))
        } catch {
            throw .noJSON(error, in: text, root: root)
        }
    }

    private init(path: String, _ value: LayerValue) {
        self.path = path
        self.value = value
    }

    /// Returns an error about this value. `problem` completes a sentence that begins with the path.
    func error(_ problem: String, _ advice: String) -> ChannelLayersSettingError {
        ChannelLayersSettingError(path: path, problem: problem, advice: advice)
    }

    var isNull: Bool { value == .null }

    /// Returns the entries of an object.
    ///
    /// - Throws: An error with `expected` if the value is not an object.
    func members(_ expected: String) throws(ChannelLayersSettingError) -> [(key: String, value: SettingValue)] {
        guard case .object(let object) = value else { throw mismatch(expected) }
        return object.elements.map { key, value in
            (key, SettingValue(path: "\(path)[\(Self.quote(key))]", value))
        }
    }

    func elements(_ expected: String) throws(ChannelLayersSettingError) -> [SettingValue] {
        guard case .array(let elements) = value else { throw mismatch(expected) }
        return elements.indices.map { SettingValue(path: "\(path)[\($0)]", elements[$0]) }
    }

    func string(_ expected: String) throws(ChannelLayersSettingError) -> String {
        guard case .string(let text) = value else { throw mismatch(expected) }
        return text
    }

    func bool() throws(ChannelLayersSettingError) -> Bool {
        guard case .bool(let value) = value else { throw mismatch("true or false") }
        return value
    }

    /// Returns a whole number in `range`. Python's `60.0` is accepted too.
    func whole(_ range: ClosedRange<Int>, _ expected: String) throws(ChannelLayersSettingError) -> Int {
        guard let number = value.int else { throw mismatch(expected) }
        guard range.contains(number) else { throw error("is \(number)", "Write \(expected).") }
        return number
    }

    func mismatch(_ expected: String) -> ChannelLayersSettingError {
        error("is \(kind)", "Write \(expected).")
    }

    /// The value's type, without the value: even a number may be a password.
    private var kind: String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int, .unsigned, .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Returns `key` in quotes, or an ellipsis if it is not a plain name: it may be a misplaced URL with a password.
    private static func quote(_ key: String) -> String {
        let isName = key.utf8.count <= 40 && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        return isName ? "\"\(key)\"" : "\"…\""
    }
}
