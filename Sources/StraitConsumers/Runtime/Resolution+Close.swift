public import StraitRouting
public import StraitWebSocket

extension Resolution {
    /// Calls `body` after the socket has ended and its consumer's `disconnect` has returned, for example to save
    /// middleware state. The bodies of inner middleware are called first. Errors are logged. Has no effect for a
    /// request without a socket.
    ///
    /// `body` shares the time limit of `disconnect`, ``/StraitConsumers/ConsumerLimits/closeTimeout``. After that the
    /// task is cancelled.
    public mutating func onClose(_ body: @escaping @Sendable (Close) async throws -> Void) {
        var bodies = scope[CloseBodies.self] ?? CloseBodies()
        bodies.all.append(body)
        scope[CloseBodies.self] = bodies
    }
}

/// The closures that middleware runs at the end of a socket.
struct CloseBodies: Sendable {
    var all: [@Sendable (Close) async throws -> Void] = []
}
