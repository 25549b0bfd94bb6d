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
