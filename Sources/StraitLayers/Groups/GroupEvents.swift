public import StraitNetwork

/// The events of a group as they arrive, for code without a socket: a page that streams, a timer, a test. See
/// ``/StraitNetwork/ServiceProvider/withEvents(of:_:)``.
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

extension ServiceProvider {
    /// Joins `group` with a channel of its own while `body` runs, and gives it the events from there on.
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
    /// At most the layer's capacity of events is queued for `body`. Any further event is dropped and counted.
    ///
    /// - Throws: ``/StraitLayers/LayerError`` for a name that is not valid, or if there is no such layer; the errors of
    ///   `body`.
    public nonisolated(nonsending) func withEvents<Event, Result>(
        of group: Group<Event>, _ body: nonisolated(nonsending) (GroupEvents<Event>) async throws -> Result
    ) async throws -> Result {
        let layer = try getChannelLayer(group.layer)
        let channel = try await layer.newChannel()
        if let layer = layer as? any SocketLayer {
            try await layer.follow(group.name, channel)
        } else {
            try await layer.groupAdd(group.name, channel)
        }
        do {
            let result = try await body(GroupEvents(layer: layer, channel: channel))
            try await layer.groupDiscard(group.name, channel)
            return result
        } catch {
            // The body's error says more than one of leaving would.
            try? await layer.groupDiscard(group.name, channel)
            throw error
        }
    }
}
