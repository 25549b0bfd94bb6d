/// How consumers, workers, views and timers, in one process or many, send each other messages: Channels' channel layer.
///
/// A message is delivered at most once; to a channel that one receiver reads, in the order in which one sender sent. No
/// send waits for a receiver.
public protocol ChannelLayer: AnyObject, Sendable {
    /// How long a channel stays in a group that it was added to. 86400 seconds. A socket that lives stays for as long as it
    /// does.
    var groupExpiry: Duration { get }

    /// Sends `message` to one channel.
    ///
    /// - Throws: ``LayerError/channelFull(_:)`` where as many messages wait there as may.
    func send(_ channel: String, _ message: LayerMessage) async throws

    /// The next message of `channel`, for which it waits. Of several receivers of one channel each message reaches one.
    ///
    /// - Throws: `CancellationError` where the task is cancelled; no message is lost by that.
    func receive(_ channel: String) async throws -> LayerMessage

    /// A name of a channel that is this process' own and nobody's yet.
    func newChannel(prefix: String) async throws -> String

    /// Adds a channel to a group, or renews its stay.
    func groupAdd(_ group: String, _ channel: String) async throws

    /// Takes a channel out of a group. Nothing that is sent to the group from then on is delivered to it; a socket handles
    /// nothing more of it, not even what waits.
    func groupDiscard(_ group: String, _ channel: String) async throws

    /// Sends `message` to all channels of a group. A member that is full misses it, which is counted and no error.
    func groupSend(_ group: String, _ message: LayerMessage) async throws

    /// Forgets the messages that wait in channels, and which channels are in which group. Sockets stay in their groups, and
    /// what waits for them stays.
    func flush() async throws
}

extension ChannelLayer {
    /// A name of a channel that is this process' own and nobody's yet, `specific.…!…`.
    public func newChannel() async throws -> String { try await newChannel(prefix: "specific") }
}
