public import StraitNetwork

/// A group's name and the type of its events, so that senders and members use the same type.
///
/// ```swift
/// enum Event: Codable, Sendable { case said(name: String, text: String), typing(name: String) }
///
/// let lobby = Group<Event>("chat.lobby")
/// // {"type": "said", "name": "Ann", "text": "hi"}
/// try await request.groupSend(lobby, .said(name: "Ann", text: "hi"))
/// ```
///
/// An `Event` is an enum whose case name is the message's type, a ``ChannelMessage``, or a ``LayerMessage``. Channels,
/// and consumers that do not know the Swift type, see it as a dictionary.
public struct Group<Event: Codable & Sendable>: Sendable, Hashable {
    /// The group's name: at most 99 ASCII letters, digits, hyphens, underscores and periods.
    public let name: String
    /// The policy for members that fall behind.
    public let policy: SlowConsumerPolicy
    /// The name of the group's channel layer.
    public let layer: String

    /// Creates a group named `name`. The layer is not contacted until a member joins or an event is sent.
    ///
    /// - Parameters:
    ///   - policy: The policy for members that fall behind.
    ///   - layer: The name of the group's channel layer.
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
    /// Sends `event` to all members of `group`. Channels' `group_send`.
    ///
    /// This does not wait for the members. If an event loop is blocked and its queue is full, it waits until the queue
    /// has room.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the name is not valid, no layer has the group's layer name, or the
    ///   event has no type; `EncodingError`; the layer's errors; `CancellationError`.
    public nonisolated(nonsending) func groupSend<Event>(_ group: Group<Event>, _ event: Event) async throws {
        try await group.send(event, from: nil, over: try getChannelLayer(group.layer))
    }
}
