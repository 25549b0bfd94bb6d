package import StraitLayers
public import StraitWebSocket

/// A consumer's groups, presences and handlers, and the events queued for it. It is created with the first group or
/// handler, so other sockets do not pay for it. Loop-bound.
final class Subscriptions {
    typealias Handler = (LayerEvent) async throws -> Void

    var queue: EventQueue
    private(set) var memberships: [Membership] = []
    /// The presences that the consumer is tracked in or follows.
    var presences = ConsumerPresences()
    private(set) var channel: LocalChannel?
    /// The channel's name. It is kept when the channel closes, because `disconnect` may need it.
    private(set) var channelName: String?
    /// The handlers by message type.
    private var handlers: [String: Handler] = [:]
    /// The message types that were ignored and logged.
    private var ignored: Set<String> = []
    /// Whether a callback for drained output has been requested.
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

    /// Whether to log an ignored type: it was not logged before, and fewer than 16 types were.
    func isFirstIgnored(_ type: String) -> Bool { ignored.count < 16 && ignored.insert(type).inserted }

    // MARK: The end

    /// Drops the queued events and returns their number.
    func dropEvents() -> Int { queue.removeAll() }

    /// Leaves all groups, closes the channel and drops the queued events. Returns the number of dropped events.
    func end() -> Int {
        for membership in memberships { membership.leave() }
        memberships = []
        presences.end()
        let dropped = queue.removeAll()
        channel?.close()
        channel = nil
        return dropped
    }

    /// Removes the handlers, which may hold references to the consumer.
    func release() { handlers = [:] }
}

/// The form of a WebSocket message on a channel layer: `{"type": "websocket.send", "text": …}`, or `bytes` instead of
/// `text`. Receiving consumers send it to their sockets unchanged.
extension Message: LayerMessageConvertible {
    package var layerMessage: LayerMessage {
        let kind: LayerMessage = ["type": .string(LayerEvent.rawType)]
        var message = kind
        if let text { message["text"] = .string(text) } else { message["bytes"] = .bytes(payload) }
        return message
    }

    package init(_ message: LayerMessage) throws {
        if let text = message["text"]?.string {
            self.init(text: text)
        } else if let bytes = message["bytes"]?.bytes {
            self.init(binary: bytes)
        } else {
            throw LayerError.invalidMessage(
                """
                A \(message.type ?? "message") has neither text nor bytes, so it cannot be sent to a socket. Give it \
                one of them.
                """
            )
        }
    }
}

extension Message: Codable {
    /// Decodes the message from its channel layer form.
    public init(from decoder: any Decoder) throws { try self.init(LayerMessage(from: decoder)) }
    /// Encodes the message in its channel layer form.
    public func encode(to encoder: any Encoder) throws { try layerMessage.encode(to: encoder) }
}
