internal import StraitLayers

/// An entry of `hosts`, in every form that channels_redis and redis-py accept.
enum SettingHost {
    static func read(_ entry: SettingValue) throws(ChannelLayersSettingError) -> RedisHost {
        switch entry.value {
        case .string, .array: return .server(try address(entry))
        case .object: return try SettingHostOptions(entry).read()
        default: throw entry.mismatch(shapes)
        }
    }

    /// Parses a URL or `[host, port]`. The other parameters apply if a URL does not specify them.
    static func address(
        _ entry: SettingValue, username: String? = nil, password: String? = nil, database: Int = 0
    ) throws(ChannelLayersSettingError) -> RedisAddress {
        var address: RedisAddress
        switch entry.value {
        case .string(let url):
            do {
                address = try RedisAddress(url, username: username, password: password, database: database)
            } catch {
                throw entry.error("is not a Redis address", error.description)
            }
            if address.isSecure { throw noTLS(entry) }
        case .array:
            let place = try place(entry)
            address = RedisAddress(host: place.host, port: place.port)
            address.username = username
            address.password = password
            address.database = database
        default: throw entry.mismatch("a URL or [host, port]")
        }
        return address
    }

    /// Returns the host and port of `["10.0.0.5", 6379]`.
    static func place(_ entry: SettingValue) throws(ChannelLayersSettingError) -> (host: String, port: UInt16) {
        let expected = "the host and the port: [\"10.0.0.5\", 6379]"
        let elements = try entry.elements(expected)
        guard elements.count == 2 else { throw entry.error("has \(elements.count) elements", "Write \(expected).") }
        return (try host(elements[0]), try port(elements[1]))
    }

    static func host(_ value: SettingValue) throws(ChannelLayersSettingError) -> String {
        let expected = "the name or the address of a host"
        let host = try value.string(expected)
        let isHost = !host.isEmpty && !host.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "/") || $0 == 0x7F }
        guard isHost else {
            throw value.error(
                "is not a host", "Write \(expected) alone, and a URL as a string without a list around it.")
        }
        return host
    }

    static func port(_ value: SettingValue) throws(ChannelLayersSettingError) -> UInt16 {
        UInt16(try value.whole(1...65535, "a port from 1 to 65535, as a number"))
    }

    static func noTLS(_ entry: SettingValue) -> ChannelLayersSettingError {
        entry.error(
            "requires TLS, which Strait does not support for Redis yet",
            "Put a tunnel such as stunnel in front of Redis, and write redis:// with the tunnel's address.")
    }

    private static let shapes = "a URL, [host, port] or an object with address or with host and port"
}

/// An entry of `hosts` that is an object.
struct SettingHostOptions {
    private let entry: SettingValue
    private var address: SettingValue?
    private var host: SettingValue?
    private var port: SettingValue?
    private var path: SettingValue?
    private var sentinels: SettingValue?
    private var masterName: SettingValue?
    private var sentinelOptions: SettingValue?
    private var access = Access()

    /// The credentials and the database number.
    private struct Access {
        var username: String?
        var password: String?
        var database = 0
    }

    init(_ entry: SettingValue) throws(ChannelLayersSettingError) {
        self.entry = entry
        // null means the same as a missing key, as in redis-py.
        for (key, value) in try entry.members("an object") where !value.isNull {
            switch key {
            case "address": address = value
            case "host": host = value
            case "port": port = value
            case "unix_socket_path", "path":
                guard path == nil else { throw value.error("names a second socket", "Write one.") }
                path = value
            case "sentinels": sentinels = value
            case "master_name": masterName = value
            case "sentinel_kwargs": sentinelOptions = value
            case "db": access.database = try value.whole(0...Int(Int32.max), "the number of a database from 0")
            case "username": access.username = try value.string("a string")
            case "password": access.password = try value.string("a string")
            case "ssl": if try value.bool() { throw SettingHost.noTLS(value) }
            case _ where key.hasPrefix("ssl_"): throw SettingHost.noTLS(value)
            default:
                throw value.error(
                    "is an option of redis-py that Strait does not support",
                    "Remove it, or write address, host, port, unix_socket_path, db, username, password, sentinels, "
                        + "master_name or sentinel_kwargs.")
            }
        }
    }

    func read() throws(ChannelLayersSettingError) -> RedisHost {
        if sentinels != nil || masterName != nil || sentinelOptions != nil { return .sentinels(try master()) }
        let ways = [address != nil, path != nil, host != nil || port != nil].count { $0 }
        guard ways <= 1 else {
            throw entry.error(
                "names the Redis server more than once", "Write one of address, host with port, and unix_socket_path.")
        }
        if let address {
            return .server(
                try SettingHost.address(
                    address, username: access.username, password: access.password, database: access.database))
        }
        var server = RedisAddress()
        if let path {
            let text = try path.string("the path of a socket")
            guard text.hasPrefix("/") else { throw path.error("is not an absolute path", "Begin it with a slash.") }
            server = RedisAddress(.unix(path: text))
        } else if host != nil || port != nil {
            server = RedisAddress(
                host: try host.map(SettingHost.host) ?? "localhost",
                port: try port.map(SettingHost.port) ?? RedisAddress.defaultPort)
        }
        server.username = access.username
        server.password = access.password
        server.database = access.database
        return .server(server)
    }

    private func master() throws(ChannelLayersSettingError) -> RedisSentinels {
        guard let sentinels, let masterName else {
            throw entry.error(
                "has no \(sentinels == nil ? "sentinels" : "master_name")", "Write both sentinels and master_name.")
        }
        guard address == nil, host == nil, port == nil, path == nil else {
            throw entry.error(
                "names sentinels and a server", "Write only sentinels and master_name: they determine the server.")
        }
        let name = try masterName.string("the name that the sentinels have for the master")
        guard !name.isEmpty else { throw masterName.error("is empty", "Write the name that the sentinels have.") }
        var places: [(host: String, port: UInt16)] = []
        for place in try sentinels.elements("a list: [[\"10.0.0.1\", 26379]]") {
            places.append(try SettingHost.place(place))
        }
        guard !places.isEmpty else { throw sentinels.error("is empty", "Write a list: [[\"10.0.0.1\", 26379]].") }
        var sentinelAccess = Access()
        for (key, value) in try sentinelOptions?.members("an object with username and password") ?? []
        where !value.isNull {
            switch key {
            case "username": sentinelAccess.username = try value.string("a string")
            case "password": sentinelAccess.password = try value.string("a string")
            case "ssl": if try value.bool() { throw SettingHost.noTLS(value) }
            case _ where key.hasPrefix("ssl_"): throw SettingHost.noTLS(value)
            default:
                throw value.error(
                    "is an option of redis-py that Strait does not support",
                    "Remove it, or write username or password.")
            }
        }
        return RedisSentinels(
            masterName: name, sentinels: places, username: access.username, password: access.password,
            database: access.database, sentinelUsername: sentinelAccess.username,
            sentinelPassword: sentinelAccess.password)
    }
}
