/// Messaging between consumers, workers, views and timers, in one process or many: Channels' channel layer.
///
/// A message is delivered at most once. If a channel has one receiver, messages from one sender arrive in the order in
/// which they were sent. Sending never waits for a receiver.
public protocol ChannelLayer: AnyObject, Sendable {
    /// The time that a channel stays in a group after it was added. 86400 seconds by default. A connected socket stays
    /// until it disconnects.
    var groupExpiry: Duration { get }

    /// Sends `message` to one channel.
    ///
    /// - Throws: ``LayerError/channelFull(_:)`` if the channel is at its capacity.
    func send(_ channel: String, _ message: LayerMessage) async throws

    /// Waits for the next message of `channel` and returns it. If a channel has several receivers, each message goes to
    /// one of them.
    ///
    /// - Throws: `CancellationError` if the task is cancelled. No message is lost then.
    func receive(_ channel: String) async throws -> LayerMessage

    /// Returns a new, unused channel name that belongs to this process.
    func newChannel(prefix: String) async throws -> String

    /// Adds a channel to a group, or restarts its ``groupExpiry`` if it is a member already.
    func groupAdd(_ group: String, _ channel: String) async throws

    /// Removes a channel from a group. Messages sent to the group afterwards do not reach it. A socket also drops the
    /// group's messages that it has queued.
    func groupDiscard(_ group: String, _ channel: String) async throws

    /// Sends `message` to all channels of a group. A member whose channel is full misses the message, which is counted
    /// and is not an error.
    func groupSend(_ group: String, _ message: LayerMessage) async throws

    /// Removes all queued messages and all channels that were added to groups. Sockets stay in their groups and keep
    /// their queued messages.
    func flush() async throws
}

extension ChannelLayer {
    /// Returns a new, unused channel name that belongs to this process, `specific.…!…`.
    public func newChannel() async throws -> String { try await newChannel(prefix: "specific") }
}

/// An error of a channel layer. Some cases have the name of an exception in Channels.
public enum LayerError: Error, Hashable, Sendable {
    /// The channel name is not valid.
    case invalidChannelName(String)
    /// The group name is not valid.
    case invalidGroupName(String)
    /// The channel's queue is full, so nothing was sent. Channels' `ChannelFull`.
    case channelFull(String)
    /// The message cannot be sent. The text says why.
    case invalidMessage(String)
    /// No channel layer has this name. Channels' `InvalidChannelLayerError`.
    case noLayer(String, known: [String])
    /// The layer's server cannot be reached, did not answer in time, or the layer is closed. The text gives details.
    /// All, some or none of the receivers may have got the message.
    case unavailable(String)
    /// The channel layer does not support the operation. The text says which, and what to do instead.
    case unsupported(String)
}

extension LayerError: CustomStringConvertible {
    /// The error's text: what happened and what to do.
    public var description: String {
        switch self {
        case .invalidChannelName(let name): "The channel name '\(name)' \(Self.rule)"
        case .invalidGroupName(let name): "The group name '\(name)' \(Self.rule)"
        case .channelFull(let name):
            """
            The channel '\(name)' is full: it has no receiver, or its receiver is too slow. Check that a worker reads \
            this channel, send fewer messages, or raise the channel's capacity.
            """
        case .invalidMessage(let text), .unsupported(let text), .unavailable(let text): text
        case .noLayer(let alias, let known):
            "There is no channel layer named '\(alias)'. "
                + (known.isEmpty ? "Set the site's channelLayers." : "Known layers: \(known.joined(separator: ", ")).")
        }
    }

    private static let rule =
        "is not valid. Use at most \(LayerName.longest) ASCII letters, digits, hyphens, underscores and periods."
}

/// The rules for names of channels and groups, as in Channels.
public enum LayerName {
    /// The maximum number of characters in a name.
    public static let longest = 99

    /// Whether `name` is a valid channel name: ASCII letters, digits, hyphens, underscores and periods. The name of a
    /// channel that belongs to one process also has an exclamation mark after its prefix.
    public static func isChannel(_ name: String) -> Bool {
        guard isShort(name) else { return false }
        let parts = name.utf8.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        return !parts[0].isEmpty && parts.allSatisfy { $0.allSatisfy(isAllowed) }
    }

    /// Whether `name` is a valid group name.
    public static func isGroup(_ name: String) -> Bool {
        isShort(name) && !name.isEmpty && name.utf8.allSatisfy(isAllowed)
    }

    /// Returns the part of a channel name that determines its capacity and queue: everything up to and including the
    /// exclamation mark, or the whole name if it has none. All channels of one process share that part.
    public static func nonLocal(_ name: String) -> String {
        guard let end = name.utf8.firstIndex(of: mark) else { return name }
        return String(name[...end])
    }

    /// Throws ``LayerError/invalidChannelName(_:)`` if `channel` is not a valid name.
    package static func check(channel: String) throws(LayerError) {
        guard isChannel(channel) else { throw .invalidChannelName(channel) }
    }

    /// Throws ``LayerError/invalidGroupName(_:)`` if `group` is not a valid name.
    package static func check(group: String) throws(LayerError) {
        guard isGroup(group) else { throw .invalidGroupName(group) }
    }

    /// Throws an error if `group` or `channel` is not a valid name.
    package static func check(group: String, channel: String) throws(LayerError) {
        try check(group: group)
        try check(channel: channel)
    }

    /// Returns the name of a new channel. Throws ``LayerError/invalidChannelName(_:)`` with `prefix`, the caller's part
    /// of the name, if the name is not valid.
    package static func checked(_ channel: String, prefix: String) throws(LayerError) -> String {
        guard isChannel(channel) else { throw .invalidChannelName(prefix) }
        return channel
    }

    private static let mark = UInt8(ascii: "!")

    private static func isShort(_ name: String) -> Bool { name.utf8.count <= longest }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
