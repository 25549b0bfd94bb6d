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
