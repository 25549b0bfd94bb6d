/// A Redis server of a channel layer: an entry of Channels' `hosts`.
///
/// ```swift
/// try RedisHost("redis://:secret@10.0.0.5:6379/1")
/// RedisHost.server(RedisAddress(host: "10.0.0.5"))
/// RedisHost.sentinels(RedisSentinels(masterName: "mymaster", sentinels: [("10.0.0.1", 26379)]))
/// ```
public enum RedisHost: Sendable, Hashable {
    /// A server with a fixed address.
    case server(RedisAddress)
    /// The current master according to sentinels.
    case sentinels(RedisSentinels)

    /// Creates a host from a URL, as ``RedisAddress/init(_:)`` parses it.
    ///
    /// - Throws: ``RedisAddressError``.
    public init(_ url: String) throws(RedisAddressError) { self = .server(try RedisAddress(url)) }
}

extension RedisHost: CustomStringConvertible {
    /// The address without passwords, suitable for logs.
    public var description: String {
        switch self {
        case .server(let address): address.description
        case .sentinels(let sentinels): sentinels.description
        }
    }
}

extension RedisHost {
    /// Whether the server is found through sentinels.
    var isFoundBySentinels: Bool { if case .sentinels = self { true } else { false } }

    /// The database number.
    var database: Int {
        switch self {
        case .server(let address): address.database
        case .sentinels(let sentinels): sentinels.database
        }
    }
}

/// A master that is found through sentinels: an entry of `hosts` with `sentinels` and `master_name`.
///
/// ```swift
/// RedisSentinels(masterName: "mymaster", sentinels: [("10.0.0.1", 26379), ("10.0.0.2", 26379)], database: 1)
/// ```
public struct RedisSentinels: Sendable, Hashable {
    /// The sentinels' name for the master: redis-py's `master_name`.
    public var masterName: String
    /// The addresses of the sentinels, with their own user names and passwords (redis-py's `sentinel_kwargs`).
    public var sentinels: [RedisAddress]
    /// The user name for the master, or nil for its default user.
    public var username: String?
    /// The password for the master, or nil if it requires none.
    public var password: String?
    /// The master's database number, from 0.
    public var database: Int

    /// Creates a master that `sentinels` know as `masterName`.
    ///
    /// `sentinelUsername` and `sentinelPassword` are used for the sentinels only, `username` and `password` for the
    /// master only.
    public init(
        masterName: String, sentinels: [(host: String, port: UInt16)], username: String? = nil, password: String? = nil,
        database: Int = 0, sentinelUsername: String? = nil, sentinelPassword: String? = nil
    ) {
        self.masterName = masterName
        self.sentinels = sentinels.map { place in
            var address = RedisAddress(host: place.host, port: place.port)
            address.username = sentinelUsername
            address.password = sentinelPassword
            return address
        }
        self.username = username
        self.password = password
        self.database = database
    }

    /// Returns the master's address after a sentinel has reported its host and port.
    package func master(host: String, port: UInt16) -> RedisAddress {
        var address = RedisAddress(host: host, port: port)
        address.username = username
        address.password = password
        address.database = database
        return address
    }
}

extension RedisSentinels: CustomStringConvertible, CustomReflectable {
    /// The master's name and the sentinels' URLs without passwords, suitable for logs.
    public var description: String {
        "\(masterName) of the sentinels \(sentinels.map(\.description).joined(separator: ", "))"
    }

    /// An empty mirror, because `dump` would show the passwords.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
