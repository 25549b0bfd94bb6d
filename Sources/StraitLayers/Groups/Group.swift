public import StraitCore

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
        if let layer = layer as? any LocalDeliveryLayer {
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

/// An asynchronous sequence of a group's events, for code without a socket such as a streaming page, a timer or a test.
/// See ``/StraitCore/ServiceProvider/withEvents(of:_:)``.
public struct GroupEvents<Event: Codable & Sendable>: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let layer: any ChannelLayer
    let channel: String

    /// Returns the sequence itself. All iterators take events from the same channel.
    public func makeAsyncIterator() -> GroupEvents { self }

    /// Waits for the next event and returns it. An event that cannot be decoded as an `Event` is counted and skipped.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; the layer's errors.
    public func next() async throws -> Event? {
        while true {
            let message = try await layer.receive(channel)
            if let event = try? message.decode(Event.self) { return event }
            (layer as? any LocalDeliveryLayer)?.counters.skip()
        }
    }
}

extension ServiceProvider {
    /// Joins `group` with a new channel while `body` runs, and passes `body` the events sent since then.
    ///
    /// ```swift
    /// final class Feed: HTTPConsumer {
    ///     override func handle(_ body: Bytes) async throws {
    ///         try await withEvents(of: Group<News>("news")) { events in
    ///             for try await news in events { try await self.sendEvent(news.text) }
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// The layer's capacity limits the number of events queued for `body`. Further events are dropped and counted.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the name is not valid or no layer has the group's layer name; the
    ///   errors of `body`.
    public nonisolated(nonsending) func withEvents<Event, Result>(
        of group: Group<Event>, _ body: nonisolated(nonsending) (GroupEvents<Event>) async throws -> Result
    ) async throws -> Result {
        let layer = try getChannelLayer(group.layer)
        let channel = try await layer.newChannel()
        if let layer = layer as? any LocalDeliveryLayer {
            try await layer.follow(group.name, channel)
        } else {
            try await layer.groupAdd(group.name, channel)
        }
        do {
            let result = try await body(GroupEvents(layer: layer, channel: channel))
            try await layer.groupDiscard(group.name, channel)
            return result
        } catch {
            // The error of the body is more useful than an error from leaving the group.
            try? await layer.groupDiscard(group.name, channel)
            throw error
        }
    }
}
