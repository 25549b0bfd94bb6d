/// The events of a group as they come, for whoever is no socket: a page that streams, a timer, a test. See
/// ``Group/withEvents(_:)``.
public struct GroupEvents<Event: Codable & Sendable>: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let layer: any ChannelLayer
    let channel: String

    public func makeAsyncIterator() -> GroupEvents { self }

    /// The next event, for which it waits. What cannot be read as an `Event` is counted and skipped.
    ///
    /// - Throws: `CancellationError` where the task is cancelled; what the layer throws.
    public func next() async throws -> Event? {
        while true {
            let message = try await layer.receive(channel)
            if let event = try? message.decode(Event.self) { return event }
            (layer as? any SocketLayer)?.counters.skip()
        }
    }
}

extension Group {
    /// Joins the group with a channel of its own for as long as `body` runs, and gives it the events from there on.
    ///
    /// ```swift
    /// final class Feed: HTTPConsumer {
    ///     override func handle(_ body: Bytes) async throws {
    ///         try await Group<News>("news").withEvents { events in
    ///             for try await news in events { try await self.sendEvent(news.text) }
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// As many events as the layer's capacity allows wait for `body`; the next one is dropped and counted.
    ///
    /// - Throws: ``LayerError`` for a name that is not valid, or where there is no such layer; what `body` throws.
    public nonisolated(nonsending) func withEvents<Result>(
        _ body: nonisolated(nonsending) (GroupEvents<Event>) async throws -> Result
    ) async throws -> Result {
        let layer = try getChannelLayer(layer)
        let channel = try await layer.newChannel()
        if let layer = layer as? any SocketLayer {
            try await layer.follow(name, channel)
        } else {
            try await layer.groupAdd(name, channel)
        }
        do {
            let result = try await body(GroupEvents(layer: layer, channel: channel))
            try await layer.groupDiscard(name, channel)
            return result
        } catch {
            // The body's error says more than one of leaving would.
            try? await layer.groupDiscard(name, channel)
            throw error
        }
    }
}
