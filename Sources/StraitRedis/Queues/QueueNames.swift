import StraitLayers

/// What `RedisChannelLayer` calls things in Redis, and the channels of this process: as channels_redis does.
struct QueueNames: Sendable {
    /// What all keys begin with.
    let prefix: String
    /// This process' own number: 32 hexadecimal digits.
    let process: String
    /// What the channels of the sockets of this process begin with; they share one queue.
    let own: String

    init(prefix: String, using generator: inout some RandomNumberGenerator) {
        self.prefix = prefix
        process = Self.digits(using: &generator)
        own = "specific.\(process)!"
    }

    // MARK: Keys

    /// The queue of a channel: that of the process which the channel belongs to, or its own.
    func queue(_ channel: String) -> String { prefix + LayerName.nonLocal(channel) }
    var ownQueue: String { prefix + own }
    func group(_ name: String) -> String { "\(prefix):group:\(name)" }

    /// What has a blocking read of awaited channels look anew; nobody's channel.
    var wakeQueue: String { prefix + own + "wake" }

    // MARK: Channels

    /// A channel of a socket.
    func socketChannel(using generator: inout some RandomNumberGenerator) -> String {
        own + Self.digits(using: &generator)
    }

    /// A channel of this process that has a queue to itself, so that nobody else's messages fill it.
    func newChannel(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        let own = process.prefix(16) + Self.digits(using: &generator).prefix(16)
        return "\(prefix).\(own)!\(Self.digits(using: &generator))"
    }

    /// Whether `channel` was made with ``newChannel(_:using:)`` here.
    func isNewChannel(_ channel: String) -> Bool {
        guard let mark = channel.firstIndex(of: "!") else { return false }
        let process = channel[..<mark].split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        return process.count == 32 && process.hasPrefix(self.process.prefix(16)) && process != self.process
    }

    /// The channel by which this process is in a group, for all its sockets: the name has to fit whatever the group is
    /// called.
    func member(of group: String) -> String { own + Self.groupMark + Self.hash(group) }

    /// What stands behind ``own`` in such a channel, or nil where `channel` is another one.
    func groupPart(_ channel: String) -> Substring? {
        guard channel.hasPrefix(own) else { return nil }
        let local = channel.dropFirst(own.count)
        return local.hasPrefix(Self.groupMark) ? local : nil
    }

    static let groupMark = "group."

    /// 128 bits of the hash of a text, in hexadecimal digits.
    static func hash(_ text: String) -> String { String(RedisScript.hash(text).prefix(32)) }

    private static func digits(using generator: inout some RandomNumberGenerator) -> String {
        (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
