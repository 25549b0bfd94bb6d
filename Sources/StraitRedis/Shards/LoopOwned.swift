import StraitNetwork

/// A value that is owned by an event loop. Other threads can run closures with it on the loop.
///
/// ``end()`` releases the value, which breaks its reference cycles.
///
/// SAFETY: `@unchecked Sendable` is sound because `value` is used on the loop only. It is set before any other thread
/// has a reference to this object.
final class LoopOwned<Value>: @unchecked Sendable {
    let loop: EventLoop
    private var value: Value?

    init(loop: EventLoop) { self.loop = loop }

    /// Sets the value. Call it once, before sharing the reference.
    func begin(_ value: Value) { self.value = value }

    /// Runs `body` on the loop, unless the value has been released.
    func perform(_ body: @escaping @Sendable (Value) -> Void) {
        loop.execute { [self] in
            if let value { body(value) }
        }
    }

    /// Runs `body` on the loop and returns the result of its ticket; see ``/StraitNetwork/EventLoop/ask(_:)``.
    nonisolated(nonsending) func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Value, RedisTicket<Answer>) -> Void
    ) async throws -> Answer {
        try await loop.ask { [self] ticket in
            if let value { body(value, ticket) } else { ticket.fail(.unavailable("The channel layer was closed.")) }
        }
    }

    /// Releases the value. Call it on the loop.
    func end() { value = nil }
}
