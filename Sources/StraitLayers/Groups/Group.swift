public import StraitNetwork

/// A group by its name, and what is sent to it: whoever sends or joins it cannot mistake the one or the other.
///
/// ```swift
/// enum Event: Codable, Sendable { case said(name: String, text: String), typing(name: String) }
///
/// let lobby = Group<Event>("chat.lobby")
/// try await request.groupSend(lobby, .said(name: "Ann", text: "hi"))    // {"type": "said", "name": "Ann", "text": "hi"}
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

    /// Sends `event` to all members except the socket `sender`.
    package nonisolated(nonsending) func send(
        _ event: Event, from sender: ObjectIdentifier?, over layer: any ChannelLayer
    ) async throws {
        let message = try LayerMessage(encoding: event)
        try await publish(message, over: layer) { LayerEvent(message, value: event, sender: sender, expires: $0) }
    }

    /// Sends a message that sockets forward unchanged, to all members except the socket `sender`.
    package nonisolated(nonsending) func send(
        raw payload: Bytes, isText: Bool, from sender: ObjectIdentifier?, over layer: any ChannelLayer
    ) async throws {
        let event = { expires in LayerEvent(raw: payload, isText: isText, sender: sender, expires: expires) }
        try await publish(event(Instant(nanoseconds: .max)).message, over: layer, event)
    }

    private nonisolated(nonsending) func publish(
        _ message: @autoclosure () -> LayerMessage, over layer: any ChannelLayer, _ event: (Instant) -> LayerEvent
    ) async throws {
        if let layer = layer as? any SocketLayer {
            try await layer.publish(event(layer.deadline), to: name)
        } else {
            try await layer.groupSend(name, message())
        }
    }
}

extension ServiceProvider {
    /// Sends `event` to all members of `group`, from anywhere; Channels' `group_send`.
    ///
    /// It does not wait for the members. If a loop is held up, it waits until the loop has room for the event.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the name is not valid, there is no such layer, or the event has no type;
    ///   `EncodingError`; the layer's errors; `CancellationError`.
    public nonisolated(nonsending) func groupSend<Event>(_ group: Group<Event>, _ event: Event) async throws {
        try await group.send(event, from: nil, over: try getChannelLayer(group.layer))
    }
}
