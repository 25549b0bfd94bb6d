public import StraitLayers
public import StraitNetwork

/// Being present, and knowing who is.
extension Consumer {
    /// Has this consumer's socket be present under `key`, until it is untracked, closes, or ends: then it leaves by
    /// itself, before ``WebSocketConsumer/disconnect(_:)``. Phoenix' `Presence.track`.
    ///
    /// ```swift
    /// try await track(people, as: name, Person(color: "red"))
    /// ```
    ///
    /// Several sockets may be tracked under one key: it joins with the first and leaves with the last, and its metadata
    /// is what was said last, by whichever of them. A socket is tracked once in a presence: a second call replaces the
    /// first, without a gap where the key is the same.
    ///
    /// It is there, and on its way to all who follow, when this has returned.
    ///
    /// - Parameters:
    ///   - key: Who it is, such as a user's id or name: 1 to 128 bytes of UTF-8.
    ///   - meta: What is said of it: 4 KiB at most as JSON.
    /// - Throws: ``/StraitLayers/PresenceError`` for such a key or metadata, `EncodingError` for metadata that JSON has
    ///   not; ``/StraitLayers/LayerError`` for a name that is not valid, or where there is no such layer;
    ///   `CancellationError` where the socket is over; what the layer throws.
    public final nonisolated(nonsending) func track<Meta>(
        _ presence: Presence<Meta>, as key: String, _ meta: Meta
    ) async throws {
        let session = attached
        let table = try session.socketLayer(presence.layer).presence
        try await session.track(presence.name, in: table, PresenceRecord(key, encoding: meta))
    }

    /// Changes what is said of the key under which this consumer is tracked. Phoenix' `Presence.update`. Without effect
    /// where the socket is closed or about to be, and has left by itself.
    ///
    /// - Throws: ``/StraitLayers/PresenceError/notTracked(_:)`` where it is not; else as ``track(_:as:_:)``.
    public final nonisolated(nonsending) func update<Meta>(_ presence: Presence<Meta>, _ meta: Meta) async throws {
        let session = attached
        let table = try session.socketLayer(presence.layer).presence
        guard let entry = session.subscriptions?.presences.entry(presence.name, in: table) else {
            if session.hasLeft { return }
            throw PresenceError.notTracked(presence.name)
        }
        try await session.update(entry, in: table, PresenceRecord(entry.record.key, encoding: meta))
    }

    /// Is not present any more. Phoenix' `Presence.untrack`. Without effect where the consumer is not tracked.
    ///
    /// It does not wait until the others know.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` where there is no such layer.
    public final nonisolated(nonsending) func untrack<Meta>(_ presence: Presence<Meta>) async throws {
        let session = attached
        session.untrack(presence.name, in: try session.socketLayer(presence.layer).presence)
    }

    /// Has this consumer's socket sent who is there, and from then on who comes and goes, as the JSON that
    /// ``/StraitLayers/PresenceChange`` shows: `presence.state`, then `presence.diff`, which is encoded, framed and
    /// compressed once for all that do this.
    ///
    /// That comes in one order with the messages of the peer and with groups, as their events do, and begins behind the
    /// handler that runs. Who falls behind is disconnected, as with ``/StraitLayers/SlowConsumerPolicy/disconnect``:
    /// changes build on each other. The consumer need not be tracked itself, and stops following before
    /// ``WebSocketConsumer/disconnect(_:)``. A consumer that follows already begins anew.
    ///
    /// Track first and follow then: the first state holds the consumer itself. Over Redis it may come right behind
    /// instead, as a join, where others of this process follow already.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` for a name that is not valid, or where there is no such layer;
    ///   `CancellationError` where the socket is over; what the layer throws where who is there cannot be known.
    public final nonisolated(nonsending) func follow<Meta>(_ presence: Presence<Meta>) async throws {
        let session = attached
        try await session.follow(
            presence.name, in: session.socketLayer(presence.layer).presence, exactUpTo: presence.exactUpTo, .forward)
    }

    /// Stops following: nothing more is handled or sent when this has returned. No effect if the consumer does not
    /// follow.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` if there is no such layer.
    public final nonisolated(nonsending) func unfollow<Meta>(_ presence: Presence<Meta>) async throws {
        let session = attached
        session.unfollow(presence.name, in: try session.socketLayer(presence.layer).presence)
    }
}

extension ServiceProvider where Self: Consumer {
    /// Handles changes of the members, one after the other with the messages of the peer. The first one holds the
    /// members that are there now.
    ///
    /// ```swift
    /// var here = PresenceList<Person>()
    /// try await follow(people) { chat, change in chat.here.apply(change) }
    /// ```
    ///
    /// Metadata that cannot be read as a `Meta` is left out, logged and counted. Otherwise as `follow` without a closure.
    ///
    /// - Parameter handle: Called with this consumer and the change. Use the consumer that it is given, and no capture list.
    public nonisolated(nonsending) func follow<Meta>(
        _ presence: Presence<Meta>, _ handle: @escaping (Self, PresenceChange<Meta>) async throws -> Void
    ) async throws {
        let (session, consumer) = (attached, self)
        let reaction = Reaction.handle { event in
            guard let change = session.change(Meta.self, event) else { return }
            try await handle(consumer, change)
        }
        try await session.follow(
            presence.name, in: session.socketLayer(presence.layer).presence, exactUpTo: presence.exactUpTo, reaction)
    }
}
