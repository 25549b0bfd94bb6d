package import StraitNetwork

/// A group by its name, and what is sent to it: whoever sends or joins it cannot mistake the one or the other.
///
/// ```swift
/// enum Event: Codable, Sendable { case said(name: String, text: String), typing(name: String) }
///
/// let lobby = Group<Event>("chat.lobby")
/// try await lobby.send(.said(name: "Ann", text: "hi"))    // {"type": "said", "name": "Ann", "text": "hi"}
/// ```
///
/// An `Event` is an enum, whose case is the message's type, a ``ChannelMessage``, or a ``LayerMessage``. To Channels, and to
/// consumers that know no Swift type, it is a dictionary.
public struct Group<Event: Codable & Sendable>: Sendable, Hashable {
    /// The group's name: at most 99 ASCII letters, digits, hyphens, underscores and periods.
    public let name: String
    /// What is done for members that are too slow.
    public let policy: SlowConsumerPolicy
    /// Which channel layer the group is in.
    public let layer: String

    /// The group `name`. Nothing happens before somebody joins or sends.
    ///
    /// - Parameters:
    ///   - policy: What is done for a member that takes the events more slowly than they come.
    ///   - layer: Which channel layer the group is in.
    public init(_ name: String, whenBehind policy: SlowConsumerPolicy = .disconnect, layer: String = "default") {
        self.name = name
        self.policy = policy
        self.layer = layer
    }

    /// Sends `event` to all members, from anywhere; Channels' `group_send`.
    ///
    /// It does not wait for any of them, only, where a loop is held up, until that has room for what it has to hand out.
    ///
    /// - Throws: ``LayerError`` where the name is not valid, there is no such layer, or the event has no type;
    ///   `EncodingError`; what the layer throws; `CancellationError`.
    public nonisolated(nonsending) func send(_ event: Event) async throws {
        try await send(event, from: nil)
    }

    /// Sends `event` to all members but `sender`.
    package nonisolated(nonsending) func send(_ event: Event, from sender: ObjectIdentifier?) async throws {
        let message = try LayerMessage(encoding: event)
        try await publish(message) { LayerEvent(message, value: event, sender: sender, expires: $0) }
    }

    /// Sends what sockets are to get as it is, to all members but `sender`.
    package nonisolated(nonsending) func send(raw payload: Bytes, isText: Bool, from sender: ObjectIdentifier?)
        async throws
    {
        let event = { expires in LayerEvent(raw: payload, isText: isText, sender: sender, expires: expires) }
        try await publish(event(Instant(nanoseconds: .max)).message, event)
    }

    private nonisolated(nonsending) func publish(
        _ message: @autoclosure () -> LayerMessage, _ event: (Instant) -> LayerEvent
    ) async throws {
        let layer = try getChannelLayer(layer)
        if let layer = layer as? any SocketLayer {
            try await layer.publish(event(layer.deadline), to: name)
        } else {
            try await layer.groupSend(name, message())
        }
    }
}
