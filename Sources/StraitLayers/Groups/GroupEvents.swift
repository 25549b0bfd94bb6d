public import StraitNetwork

/// An asynchronous sequence of a group's events, for code without a socket such as a streaming page, a timer or a test.
/// See ``/StraitNetwork/ServiceProvider/withEvents(of:_:)``.
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
            (layer as? any SocketLayer)?.counters.skip()
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
            // The error of the body is more useful than an error from leaving the group.
            try? await layer.groupDiscard(group.name, channel)
            throw error
        }
    }
}
