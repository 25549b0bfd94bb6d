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
