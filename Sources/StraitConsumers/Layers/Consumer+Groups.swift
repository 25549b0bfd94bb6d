public import StraitLayers
public import StraitNetwork
public import StraitWebSocket

/// Groups, and messages from elsewhere.
extension Consumer {
    /// The channel layer that this consumer's ``channelLayerAlias`` names; Channels' `self.channel_layer`.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` where there is none of that name.
    public final var channelLayer: any ChannelLayer {
        get throws(LayerError) { try getChannelLayer(channelLayerAlias) }
    }

    /// The name of this consumer's own channel, by which others send to it alone; Channels' `self.channel_name`.
    ///
    /// ```swift
    /// try await getChannelLayer().send(name, ["type": "job.done", "id": 7])
    /// ```
    ///
    /// Messages to it go to the handlers that `on` registered. As many messages as the layer's
    /// capacity allows may wait for this consumer; the next one is refused to its sender.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` where the consumer has no channel layer.
    public final var channelName: String {
        get throws(LayerError) { attached.channelName(try attached.socketLayer(channelLayerAlias)) }
    }

    /// Joins `group` and has each of its events sent to this consumer's socket, as JSON text, or as it is where the
    /// event is a `Message`. The *fastlane*: an event is encoded, framed and compressed once for all members that do
    /// this.
    ///
    /// Events come in one order with the messages of the peer: where a handler runs or messages wait, they are sent
    /// behind those. The consumer leaves the group before ``WebSocketConsumer/disconnect(_:)``. A consumer that is in
    /// the group already stays in it, and only does something else with the events.
    ///
    /// A ``JSONConsumer`` whose `coder` writes other keys sends events with these keys, each for itself.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` for a name that is not valid, or where there is no such layer;
    ///   `CancellationError` where the socket is over.
    public final nonisolated(nonsending) func join<Event>(_ group: Group<Event>) async throws {
        let session = attached
        let reaction = eventCoder.flatMap { session.coding(Event.self, with: $0) } ?? .forward
        try await session.join(group.name, in: session.socketLayer(group.layer), policy: group.policy, reaction)
    }

    /// Leaves `group`: nothing more of it is handled or forwarded when this has returned. No effect if the consumer is
    /// not in it.
    public final nonisolated(nonsending) func leave<Event>(_ group: Group<Event>) async throws {
        attached.leave(group.name, in: try attached.socketLayer(group.layer))
    }
}

extension ServiceProvider where Self: Consumer {
    /// Joins `group` and handles its events, one after the other with the messages of the peer.
    ///
    /// ```swift
    /// try await join(room) { chat, event in chat.show(event) }
    /// ```
    ///
    /// An event of another shape is logged, counted and skipped. Otherwise as `join` without a closure.
    ///
    /// - Parameter handle: Called with this consumer and the event. Use the consumer that it is given, and no capture list.
    public nonisolated(nonsending) func join<Event>(
        _ group: Group<Event>, _ handle: @escaping (Self, Event) async throws -> Void
    ) async throws {
        let (session, consumer) = (attached, self)
        let reaction = Reaction.handle { event in
            guard let event = session.decode(Event.self, event) else { return }
            try await handle(consumer, event)
        }
        try await session.join(group.name, in: session.socketLayer(group.layer), policy: group.policy, reaction)
    }

    /// Handles messages of a type that arrive on this consumer's channel, in groups that its channel was added to, or in
    /// its `groups`.
    ///
    /// ```swift
    /// override func connect() async {
    ///     on(JobDone.self) { consumer, job in consumer.send(text: "Job \(job.id) is done.") }
    ///     accept()
    /// }
    /// ```
    ///
    /// Types without a handler are logged, counted and survived, with two exceptions: `websocket.receive` is handled as a
    /// message of the peer's, and `websocket.send` is sent to it.
    ///
    /// - Parameter handle: Called with this consumer and the message. Use the consumer that it is given, and no capture
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

    /// Handles messages of `type` unchanged; the counterpart of a method of that name in Channels.
    public func on(_ type: String, _ handle: @escaping (Self, LayerMessage) async throws -> Void) {
        let consumer = self
        attached.on(type) { event in try await handle(consumer, event.message) }
    }
}

extension ServiceProvider {
    /// Sends `event` to all members of `group` except `consumer`.
    ///
    /// - Throws: As for a group's event to all members.
    public nonisolated(nonsending) func groupSend<Event>(
        _ group: Group<Event>, _ event: Event, except consumer: Consumer
    ) async throws {
        try await group.send(
            event, from: ObjectIdentifier(consumer.attached), over: try getChannelLayer(group.layer))
    }

    /// Sends `message` to all members of `group` unchanged: its text need not become a `String`.
    ///
    /// - Throws: As for any other event.
    public nonisolated(nonsending) func groupSend(_ group: Group<Message>, _ message: Message) async throws {
        try await group.send(
            raw: message.payload, isText: message.kind == .text, from: nil, over: try getChannelLayer(group.layer))
    }

    /// Sends `message` to all members of `group` except `consumer`, unchanged.
    ///
    /// - Throws: As for any other event.
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

    /// What `event` carries, or nil, logged, where that is something else.
    func decode<Value: Decodable>(_ type: Value.Type, _ event: LayerEvent) -> Value? {
        do {
            return try event.decode(type)
        } catch {
            ignore("a message that is no \(type): \(event.message) (\(error)).", of: event.message.type ?? "")
            return nil
        }
    }
}
