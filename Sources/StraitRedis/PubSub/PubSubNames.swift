/// The names of `RedisPubSubChannelLayer` in Redis and of this process' channels, as in channels_redis.
struct PubSubNames: Sendable {
    /// The prefix of the names of groups and channels.
    let prefix: String
    /// The random ID of this process: 16 hexadecimal digits.
    let process: String

    init(prefix: String, using generator: inout some RandomNumberGenerator) {
        self.prefix = prefix
        process = Self.digits(using: &generator)
    }

    /// Returns a new channel name of this process.
    func newChannel(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        "\(self.prefix)\(prefix).\(process)\(Self.digits(using: &generator))"
    }

    /// The pattern for all names from ``newChannel(_:using:)``, so that one subscription covers them.
    var ownPattern: String { "\(RedisGlob.escaped(prefix))*.\(process)????????????????" }

    /// Whether `channel` belongs to this process.
    func isOwn(_ channel: String) -> Bool {
        guard let period = channel.lastIndex(of: "."), channel.hasPrefix(prefix) else { return false }
        let own = channel[period...].dropFirst()
        return own.utf8.count == 32 && own.hasPrefix(process)
    }

    private var groupStart: String { "\(prefix)__group__" }

    /// Returns the channel that a group's messages are published to.
    func group(_ name: String) -> String { groupStart + name }

    /// Returns the group that `channel` belongs to, or nil if it belongs to none.
    func group(of channel: String) -> String? {
        channel.hasPrefix(groupStart) ? String(channel.dropFirst(groupStart.count)) : nil
    }

    private static func digits(using generator: inout some RandomNumberGenerator) -> String {
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
