package import StraitNetwork

/// A layer whose groups sockets of this process join themselves, so that an event reaches all sockets of a loop with
/// one hand-off. All of Strait's own are.
package protocol SocketLayer: ChannelLayer {
    /// Who is in which group in this process.
    var groups: GroupTable { get }

    /// Who is present in which group.
    var presence: PresenceTable { get }

    /// What was not delivered.
    var counters: LayerCounters { get }

    /// A name for the channel of a socket.
    func socketChannel() -> String

    /// Returns once what is sent to `group`, wherever, reaches this process: to be called when the first of its sockets
    /// has joined, and cheap when others do.
    ///
    /// - Throws: ``LayerError/unavailable(_:)`` where that could not be seen to; the socket should leave again.
    func establish(_ group: String) async throws

    /// Adds a channel to a group for as long as it is not discarded: its stay need not be renewed.
    func follow(_ group: String, _ channel: String) async throws

    /// Publishes `event`, whose name was checked; see ``ChannelLayer/groupSend(_:_:)``.
    func publish(_ event: LayerEvent, to group: String) async throws

    /// Whether other processes send and receive here too.
    var isShared: Bool { get }

    /// Leaves all groups and lets go of what is outside of this process; nothing more can be sent then.
    func close() async

    /// When an event that is sent now is too old to be of use.
    var deadline: Instant { get }
}
