import StraitNetwork

/// Something that lives on a loop and is known elsewhere: what is to be done with it is done there. It is let go of
/// when it is over, which ends the circles of references that it is part of.
///
/// `@unchecked Sendable` is sound because `value` is touched on the loop alone, once it was set before anybody else had
/// this.
final class LoopOwned<Value>: @unchecked Sendable {
    let loop: EventLoop
    private var value: Value?

    init(loop: EventLoop) { self.loop = loop }

    /// To be called once, before anybody else has a reference.
    func begin(_ value: Value) { self.value = value }

    /// Runs `body` on the loop, unless it is over.
    func perform(_ body: @escaping @Sendable (Value) -> Void) {
        loop.execute { [self] in
            if let value { body(value) }
        }
    }

    /// Runs `body` on the loop and returns what it gives its ticket; see ``/StraitNetwork/EventLoop/ask(_:)``.
    nonisolated(nonsending) func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Value, RedisTicket<Answer>) -> Void
    ) async throws -> Answer {
        try await loop.ask { [self] ticket in
            if let value { body(value, ticket) } else { ticket.fail(.unavailable("The channel layer was closed.")) }
        }
    }

    /// Lets go of it. On the loop.
    func end() { value = nil }
}
