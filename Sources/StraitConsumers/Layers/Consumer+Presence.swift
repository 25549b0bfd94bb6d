public import StraitCore
public import StraitLayers

/// Tracking presence, and following the presence of others.
extension Consumer {
    /// Tracks this consumer under `key`, until it is untracked or its socket closes. The consumer leaves automatically
    /// before ``WebSocketConsumer/disconnect(_:)``. Phoenix's `Presence.track`.
    ///
    /// ```swift
    /// try await track(people, as: name, Person(color: "red"))
    /// ```
    ///
    /// Several sockets can be tracked under one key. The key joins with the first socket and leaves with the last. Its
    /// metadata is the latest that any of them set. A socket has at most one key in a presence. A second call replaces
    /// the first, without a gap if the key is the same.
    ///
    /// When this returns, the entry is stored and on its way to all followers.
    ///
    /// - Parameters:
    ///   - key: The member's key, such as a user's ID or name: 1 to 128 bytes of UTF-8.
    ///   - meta: The member's metadata: at most 4 KiB as JSON.
    /// - Throws: ``/StraitLayers/PresenceError`` if the key or the metadata has an invalid size; `EncodingError` if
    ///   JSON cannot represent the metadata; ``/StraitLayers/LayerError`` if the name is not valid or no layer has the
    ///   presence's layer name; `CancellationError` if the socket has ended; the layer's errors.
    public final nonisolated(nonsending) func track<Meta>(
        _ presence: Presence<Meta>, as key: String, _ meta: Meta
    ) async throws {
        let session = attached
        let table = try session.socketLayer(presence.layer).presence
        try await session.track(presence.name, in: table, PresenceRecord(key, encoding: meta))
    }

    /// Changes the metadata of this consumer's key. Phoenix's `Presence.update`. Has no effect if the socket is closed
    /// or closing, because the consumer has then left automatically.
    ///
    /// - Throws: ``/StraitLayers/PresenceError/notTracked(_:)`` if the consumer is not tracked; otherwise as
    ///   ``track(_:as:_:)``.
    public final nonisolated(nonsending) func update<Meta>(_ presence: Presence<Meta>, _ meta: Meta) async throws {
        let session = attached
        let table = try session.socketLayer(presence.layer).presence
        guard let entry = session.subscriptions?.presences.entry(presence.name, in: table) else {
            if session.hasLeft { return }
            throw PresenceError.notTracked(presence.name)
        }
        try await session.update(entry, in: table, PresenceRecord(entry.record.key, encoding: meta))
    }

    /// Stops tracking this consumer. Phoenix's `Presence.untrack`. Has no effect if the consumer is not tracked.
    ///
    /// This does not wait until followers are notified.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if no layer has the presence's layer name.
    public final nonisolated(nonsending) func untrack<Meta>(_ presence: Presence<Meta>) async throws {
        let session = attached
        session.untrack(presence.name, in: try session.socketLayer(presence.layer).presence)
    }

    /// Sends the members of `presence` to this consumer's socket, and then each change. The JSON is that of
    /// ``/StraitLayers/PresenceChange``: first `presence.state`, then `presence.diff`. A diff is encoded, framed and
    /// compressed once for all sockets that follow in this way.
    ///
    /// Changes are handled in order with the peer's messages and the events of groups. The first one is sent after the
    /// current handler returns. A consumer that falls behind is disconnected, as with
    /// ``/StraitLayers/SlowConsumerPolicy/disconnect``, because changes build on each other. The consumer itself need
    /// not be tracked. It stops following before ``WebSocketConsumer/disconnect(_:)``. If it already follows, it starts
    /// again with a new state.
    ///
    /// Call `track` before `follow`, so that the first state includes the consumer itself. With Redis, the consumer may
    /// instead appear as a join right after the state, if other consumers in this process already follow.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if the name is not valid or no layer has the presence's layer name;
    ///   `CancellationError` if the socket has ended; the layer's errors if the members cannot be read.
    public final nonisolated(nonsending) func follow<Meta>(_ presence: Presence<Meta>) async throws {
        let session = attached
        try await session.follow(
            presence.name, in: session.socketLayer(presence.layer).presence, exactUpTo: presence.exactUpTo, .forward)
    }

    /// Stops following. Nothing more is handled or sent after this returns. Has no effect if the consumer does not
    /// follow.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if no layer has the presence's layer name.
    public final nonisolated(nonsending) func unfollow<Meta>(_ presence: Presence<Meta>) async throws {
        let session = attached
        session.unfollow(presence.name, in: try session.socketLayer(presence.layer).presence)
    }
}

extension ServiceProvider where Self: Consumer {
    /// Calls a closure with each change of the members, in order with the messages of the peer. The first change
    /// contains the current members.
    ///
    /// ```swift
    /// var here = PresenceList<Person>()
    /// try await follow(people) { chat, change in chat.here.apply(change) }
    /// ```
    ///
    /// Members whose metadata cannot be decoded as a `Meta` are left out, logged and counted. Otherwise, this works
    /// like `follow` without a closure.
    ///
    /// - Parameter handle: Called with this consumer and the change. Use the consumer that it receives, and no capture
    ///   list.
    public nonisolated(nonsending) func follow<Meta>(
        _ presence: Presence<Meta>, _ handle: @escaping (Self, PresenceChange<Meta>) async throws -> Void
    ) async throws {
        let (session, consumer) = (attached, self)
        let mode = DeliveryMode.handle { event in
            guard let change = session.change(Meta.self, event) else { return }
            try await handle(consumer, change)
        }
        try await session.follow(
            presence.name, in: session.socketLayer(presence.layer).presence, exactUpTo: presence.exactUpTo, mode)
    }
}
