internal import StraitNetwork
package import StraitRouting

/// A route's end that is an HTTP consumer, made anew for every request. Channels' `as_asgi()`.
package struct HTTPConsumerEndpoint: HTTPHandler {
    private let make: @Sendable () -> HTTPConsumer

    package init(_ make: @escaping @Sendable () -> HTTPConsumer) {
        self.make = make
    }

    /// - Precondition: The caller runs on an event loop, as the server's tasks do.
    package func respond(to request: Request) async throws -> Response {
        guard let isolation = Self.loop(#isolation) else {
            preconditionFailure("An HTTP consumer answers on an event loop; this task runs on none.")
        }
        return try await HTTPConsumerExchange(make(), request, loop: isolation.loop).respond(isolation)
    }

    /// The cast stands apart because the compiler (6.3) fails on it beside `#isolation`.
    private static func loop(_ isolation: (any Actor)?) -> LoopIsolation? {
        isolation as? LoopIsolation
    }
}
