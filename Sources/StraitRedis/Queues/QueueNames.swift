import StraitCore
import StraitLayers

/// The names of `RedisChannelLayer` in Redis and of this process's channels, as in channels_redis.
struct QueueNames: Sendable {
    /// The prefix of all keys.
    let prefix: String
    /// The random ID of this process: 32 hexadecimal digits.
    let process: String
    /// The prefix of the channels of this process's sockets, which share one queue.
    let own: String

    init(prefix: String, using generator: inout some RandomNumberGenerator) {
        self.prefix = prefix
        process = generator.hexadecimalDigits(32)
        own = "specific.\(process)!"
    }

    // MARK: Keys

    /// Returns the queue of a channel: its process's queue, or a queue for the channel alone.
    func queue(_ channel: String) -> String { prefix + LayerName.nonLocal(channel) }
    var ownQueue: String { prefix + own }
    func group(_ name: String) -> String { "\(prefix):group:\(name)" }
    /// Returns the key of the last number of a stream in a group.
    func once(_ once: OnceNumber, _ group: String) -> String { "\(prefix):once:\(once.stream):\(group)" }

    /// The queue that ends a blocking read of awaited channels. It belongs to no channel.
    var wakeQueue: String { prefix + own + "wake" }

    // MARK: Channels

    /// Returns a new channel name for a socket.
    func socketChannel(using generator: inout some RandomNumberGenerator) -> String {
        own + generator.hexadecimalDigits(32)
    }

    /// Returns a new channel name of this process with a separate queue, which messages to other channels cannot fill.
    func newChannel(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        let own = process.prefix(16) + generator.hexadecimalDigits(32).prefix(16)
        return "\(prefix).\(own)!\(generator.hexadecimalDigits(32))"
    }

    /// Whether `channel` was created by ``newChannel(_:using:)`` in this process.
    func isNewChannel(_ channel: String) -> Bool {
        guard let mark = channel.firstIndex(of: "!") else { return false }
        let process = channel[..<mark].split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        return process.count == 32 && process.hasPrefix(self.process.prefix(16)) && process != self.process
    }

    /// Returns the channel that represents all sockets of this process in a group. It uses a hash, so the name is valid
    /// for every group name.
    func member(of group: String) -> String { own + Self.groupMark + Self.hash(group) }

    /// Returns the part after ``own`` of a membership channel, or nil if `channel` is not one.
    func groupPart(_ channel: String) -> Substring? {
        guard channel.hasPrefix(own) else { return nil }
        let local = channel.dropFirst(own.count)
        return local.hasPrefix(Self.groupMark) ? local : nil
    }

    static let groupMark = "group."

    /// Returns 128 bits of a text's hash as hexadecimal digits.
    static func hash(_ text: String) -> String { String(RedisScript.hash(text).prefix(32)) }
}

extension RandomNumberGenerator {
    /// Returns `count` random hexadecimal digits. `count` must be a multiple of 16.
    mutating func hexadecimalDigits(_ count: Int) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<count / 16 {
            let number: UInt64 = next()
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return bytes.hexadecimal
    }
}
