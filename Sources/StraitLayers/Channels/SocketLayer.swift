package import StraitNetwork

/// A layer whose groups local sockets join directly, so that one hand-off per event loop delivers an event to all of
/// the loop's sockets. All of Strait's layers are socket layers.
package protocol SocketLayer: ChannelLayer {
    /// The group members in this process.
    var groups: GroupTable { get }

    /// The presence entries and subscriptions of this process.
    var presence: PresenceTable { get }

    /// Counts of undelivered messages.
    var counters: LayerCounters { get }

    /// Returns a new channel name for a socket.
    func socketChannel() -> String

    /// Waits until events sent to `group` by any process reach this process. Call it when a socket has joined. It is
    /// cheap if other sockets are members already.
    ///
    /// - Throws: ``LayerError/unavailable(_:)`` if the subscription fails. The socket should leave the group then.
    func establish(_ group: String) async throws

    /// Adds a channel to a group until it is discarded, without expiry.
    func follow(_ group: String, _ channel: String) async throws

    /// Publishes `event` to a group. See ``ChannelLayer/groupSend(_:_:)``.
    func publish(_ event: LayerEvent, to group: String) async throws

    /// Whether the layer is shared with other processes.
    var isShared: Bool { get }

    /// Leaves all groups and closes the layer's connections. Nothing can be sent afterwards.
    func close() async

    /// The expiry time of an event that is sent now.
    var deadline: Instant { get }
}
