public import StraitCore
public import StraitLayers
public import StraitWebSocket

/// Groups, and messages from other parts of the site.
extension Consumer {
    /// The channel layer that ``channelLayerAlias`` names; Channels' `self.channel_layer`.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if no layer has that name.
    public final var channelLayer: any ChannelLayer {
        get throws(LayerError) { try getChannelLayer(channelLayerAlias) }
    }

    /// The name of this consumer's channel. Messages sent to it reach this consumer alone. Channels'
    /// `self.channel_name`.
    ///
    /// ```swift
    /// try await getChannelLayer().send(name, ["type": "job.done", "id": 7])
    /// ```
    ///
    /// The messages go to the handlers registered with `on`. The layer's capacity limits the number of queued messages.
    /// If it is reached, sending throws.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the consumer has no channel layer.
    public final var channelName: String {
        get throws(LayerError) { attached.channelName(try attached.socketLayer(channelLayerAlias)) }
    }

    /// Joins `group` and forwards its events to this consumer's socket. They are sent as JSON text, or unchanged if the
    /// event is a `Message`. As in Phoenix's *fastlane*, an event is encoded, framed and compressed once for all
    /// forwarding members.
    ///
    /// Events and the peer's messages are handled in the order of their arrival. An event that arrives while a handler
    /// runs is sent after the handler and all earlier messages. The consumer leaves the group before
    /// ``WebSocketConsumer/disconnect(_:)``. If it is already a member, only the handling of the group's events
    /// changes.
    ///
    /// If the `coder` of a ``JSONConsumer`` transforms keys, events are encoded separately for that consumer.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the name is not valid or no layer has the group's layer name;
    ///   `CancellationError` if the socket has ended.
    public final nonisolated(nonsending) func join<Event>(_ group: Group<Event>) async throws {
        let session = attached
        let mode = eventCoder.flatMap { session.coding(Event.self, with: $0) } ?? .forward
        try await session.join(group.name, in: session.socketLayer(group.layer), policy: group.policy, mode)
    }

    /// Leaves `group`. None of its events are handled or forwarded after this returns. Has no effect if the consumer is
    /// not a member.
    public final nonisolated(nonsending) func leave<Event>(_ group: Group<Event>) async throws {
        attached.leave(group.name, in: try attached.socketLayer(group.layer))
    }
}

extension ServiceProvider where Self: Consumer {
    /// Joins `group` and calls a closure with each event, in order with the messages of the peer.
    ///
    /// ```swift
    /// try await join(room) { chat, event in chat.show(event) }
    /// ```
    ///
    /// An event that cannot be decoded is logged, counted and skipped. Otherwise, this works like `join` without a
    /// closure.
    ///
    /// - Parameter handle: Called with this consumer and the event. Use the consumer that it receives, and no capture
    ///   list.
    public nonisolated(nonsending) func join<Event>(
        _ group: Group<Event>, _ handle: @escaping (Self, Event) async throws -> Void
    ) async throws {
        let (session, consumer) = (attached, self)
        let mode = DeliveryMode.handle { event in
            guard let event = session.decode(Event.self, event) else { return }
            try await handle(consumer, event)
        }
        try await session.join(group.name, in: session.socketLayer(group.layer), policy: group.policy, mode)
    }

    /// Registers a handler for messages of a type. The messages come from this consumer's channel, groups that the
    /// channel was added to, and this consumer's `groups`.
    ///
    /// ```swift
    /// override func connect() async {
    ///     on(JobDone.self) { consumer, job in consumer.send(text: "Job \(job.id) is done.") }
    ///     accept()
    /// }
    /// ```
    ///
    /// Messages without a handler are logged, counted and ignored, with two exceptions. A `websocket.receive` is
    /// handled like a message from the peer, and a `websocket.send` is sent to the peer.
    ///
    /// - Parameter handle: Called with this consumer and the message. Use the consumer that it receives, and no capture
    ///   list.
    public func on<Content: ChannelMessage>(
        _ type: Content.Type, _ handle: @escaping (Self, Content) async throws -> Void
    ) {
        let (session, consumer) = (attached, self)
        session.on(Content.type) { event in
            guard let content = session.decode(Content.self, event) else { return }
            try await handle(consumer, content)
        }
    }

    /// Registers a handler for undecoded messages of `type`. In Channels, this is a method with the type's name.
    public func on(_ type: String, _ handle: @escaping (Self, LayerMessage) async throws -> Void) {
        let consumer = self
        attached.on(type) { event in try await handle(consumer, event.message) }
    }
}

extension ServiceProvider {
    /// Sends `event` to all members of `group` except `consumer`.
    ///
    /// - Throws: The errors of `groupSend` without `except`.
    public nonisolated(nonsending) func groupSend<Event>(
        _ group: Group<Event>, _ event: Event, except consumer: Consumer
    ) async throws {
        try await group.send(
            event, from: ObjectIdentifier(consumer.attached), over: try getChannelLayer(group.layer))
    }

    /// Sends `message` to all members of `group` unchanged, without converting its text to a `String`.
    ///
    /// - Throws: The errors of `groupSend` with any other event.
    public nonisolated(nonsending) func groupSend(_ group: Group<Message>, _ message: Message) async throws {
        try await group.send(
            raw: message.payload, isText: message.kind == .text, from: nil, over: try getChannelLayer(group.layer))
    }

    /// Sends `message` unchanged to all members of `group` except `consumer`.
    ///
    /// - Throws: The errors of `groupSend` with any other event.
    public nonisolated(nonsending) func groupSend(
        _ group: Group<Message>, _ message: Message, except consumer: Consumer
    ) async throws {
        try await group.send(
            raw: message.payload, isText: message.kind == .text, from: ObjectIdentifier(consumer.attached),
            over: try getChannelLayer(group.layer))
    }
}

extension ConsumerSession {
    func on(_ type: String, _ handler: @escaping Subscriptions.Handler) {
        guard LayerMessage.isType(type) else { return misuse(LayerMessage.malformed(type)) }
        subscribed.handle(type, handler)
    }

    /// Decodes the content of `event`. If that fails, logs the error and returns nil.
    func decode<Value: Decodable>(_ type: Value.Type, _ event: LayerEvent) -> Value? {
        do {
            return try event.decode(type)
        } catch {
            ignore("a message that is not a \(type): \(event.message) (\(error)).", of: event.message.type ?? "")
            return nil
        }
    }
}
