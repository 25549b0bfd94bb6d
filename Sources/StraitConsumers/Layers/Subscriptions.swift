import StraitLayers

/// What a consumer is in and listens for, and the events that wait for it. Made with the first group or handler: a
/// socket without any has none. Loop-bound.
final class Subscriptions {
    typealias Handler = (LayerEvent) async throws -> Void

    var queue: EventQueue
    private(set) var memberships: [Membership] = []
    /// Where the consumer is present, and whom it follows.
    var presences = ConsumerPresences()
    private(set) var channel: LocalChannel?
    /// The channel's name, which outlives it: `disconnect` may have to say which it was.
    private(set) var channelName: String?
    /// Handlers by the type of message.
    private var handlers: [String: Handler] = [:]
    /// Types of messages that nothing could be done with.
    private var ignored: Set<String> = []
    /// Whether word was asked for of when the socket has taken what was sent.
    var awaitsDrain = false

    init(limit: Int) {
        queue = EventQueue(limit: limit)
    }

    // MARK: Groups

    func membership(of group: String, in table: GroupTable) -> Membership? {
        memberships.first { $0.table === table && $0.group == group }
    }

    func add(_ membership: Membership) { memberships.append(membership) }

    func leave(_ group: String, in table: GroupTable) {
        guard let index = memberships.firstIndex(where: { $0.table === table && $0.group == group }) else { return }
        let membership = memberships.remove(at: index)
        queue.removeAll(of: membership)
        membership.leave()
    }

    // MARK: The consumer's own channel

    func open(_ name: String, _ channel: LocalChannel?) {
        channelName = name
        self.channel = channel
    }

    // MARK: Handlers

    func handle(_ type: String, _ handler: @escaping Handler) { handlers[type] = handler }
    func handler(_ type: String) -> Handler? { handlers[type] }

    /// Whether nothing of this type was ignored before. Of very many types only the first are told.
    func isFirstIgnored(_ type: String) -> Bool { ignored.count < 16 && ignored.insert(type).inserted }

    // MARK: The end

    /// Drops the queued events and returns their number.
    func dropEvents() -> Int { queue.removeAll() }

    /// Leaves all groups, closes the channel, and drops what waits; how many events that were.
    func end() -> Int {
        for membership in memberships { membership.leave() }
        memberships = []
        presences.end()
        let dropped = queue.removeAll()
        channel?.close()
        channel = nil
        return dropped
    }

    /// Lets go of the handlers, which may hold the consumer.
    func letGo() { handlers = [:] }
}
