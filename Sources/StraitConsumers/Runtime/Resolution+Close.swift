public import StraitRouting
public import StraitWebSocket

extension Resolution {
    /// Calls `body` when the socket has ended and its consumer's `disconnect` has returned: to save what middleware keeps
    /// of the socket. Inner middleware's bodies come first. An error is logged. No effect for a request without a socket.
    ///
    /// The time limit is that of `disconnect`, ``/StraitConsumers/ConsumerLimits/closeTimeout``, after which the task is
    /// cancelled.
    public mutating func onClose(_ body: @escaping @Sendable (Close) async throws -> Void) {
        var bodies = scope[CloseBodies.self] ?? CloseBodies()
        bodies.all.append(body)
        scope[CloseBodies.self] = bodies
    }
}

/// The work of middleware at the end of a socket.
struct CloseBodies: Sendable {
    var all: [@Sendable (Close) async throws -> Void] = []
}
