/// The sentinels that know which server is the master of a name: an entry of `hosts` with `sentinels` and
/// `master_name`.
///
/// ```swift
/// RedisSentinels(masterName: "mymaster", sentinels: [("10.0.0.1", 26379), ("10.0.0.2", 26379)], database: 1)
/// ```
public struct RedisSentinels: Sendable, Hashable {
    /// What the sentinels call the master: redis-py's `master_name`.
    public var masterName: String
    /// Where the sentinels are, each with the user and the password for itself, which redis-py has in
    /// `sentinel_kwargs`.
    public var sentinels: [RedisAddress]
    /// The user of the master; nil for its default user.
    public var username: String?
    /// The password of the master; nil where it asks for none.
    public var password: String?
    /// The number of the database of the master, from 0.
    public var database: Int

    /// The master `masterName` of `sentinels`. The sentinels are asked with `sentinelUsername` and `sentinelPassword`,
    /// the master with the other two: neither stands in for the other.
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

    /// The master, once a sentinel said where it is.
    package func master(host: String, port: UInt16) -> RedisAddress {
        var address = RedisAddress(host: host, port: port)
        address.username = username
        address.password = password
        address.database = database
        return address
    }
}

extension RedisSentinels: CustomStringConvertible, CustomReflectable {
    /// The name and the sentinels, without passwords: this goes to logs.
    public var description: String {
        "\(masterName) of the sentinels \(sentinels.map(\.description).joined(separator: ", "))"
    }

    /// Nothing beside the description: `dump` would show the passwords.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
