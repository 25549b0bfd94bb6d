/// What `RedisPubSubChannelLayer` calls things in Redis, and the channels of this process: as channels_redis does.
struct PubSubNames: Sendable {
    /// What the names of groups and of processes' own channels begin with.
    let prefix: String
    /// This process' own number: 16 hexadecimal digits.
    let process: String

    init(prefix: String, using generator: inout some RandomNumberGenerator) {
        self.prefix = prefix
        process = Self.digits(using: &generator)
    }

    /// A new channel of this process.
    func newChannel(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        "\(self.prefix)\(prefix).\(process)\(Self.digits(using: &generator))"
    }

    /// The pattern of all that ``newChannel(_:using:)`` makes: one subscription for all of them.
    var ownPattern: String { "\(RedisGlob.escaped(prefix))*.\(process)????????????????" }

    /// Whether `channel` was made here.
    func isOwn(_ channel: String) -> Bool {
        guard let period = channel.lastIndex(of: "."), channel.hasPrefix(prefix) else { return false }
        let own = channel[period...].dropFirst()
        return own.utf8.count == 32 && own.hasPrefix(process)
    }

    private var groupStart: String { "\(prefix)__group__" }

    /// The channel that a group's messages are published to.
    func group(_ name: String) -> String { groupStart + name }

    /// The group whose channel this is, or nil where it is none's.
    func group(of channel: String) -> String? {
        channel.hasPrefix(groupStart) ? String(channel.dropFirst(groupStart.count)) : nil
    }

    private static func digits(using generator: inout some RandomNumberGenerator) -> String {
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
