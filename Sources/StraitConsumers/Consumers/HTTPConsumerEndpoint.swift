internal import StraitNetwork
package import StraitRouting

/// A route's endpoint that creates an HTTP consumer for each request. Channels' `as_asgi()`.
package struct HTTPConsumerEndpoint: HTTPHandler {
    private let make: @Sendable () -> HTTPConsumer

    package init(_ make: @escaping @Sendable () -> HTTPConsumer) {
        self.make = make
    }

    package var name: String { String(describing: type(of: make())) }

    /// Whether the handler is cancelled when the client disconnects or the server stops. True, because a consumer may
    /// wait for a long time before it responds.
    package var endsWithClient: Bool { true }

    /// Responds on the request's loop. Callable from any thread.
    package func respond(to request: Request) async throws -> Response {
        guard let host = request.host else { throw HTTPConsumerError.noHost }
        return try await respond(request, host, host.loop.isolation)
    }

    private func respond(
        _ request: Request, _ host: any RequestHost, _ isolation: isolated LoopIsolation
    ) async throws -> Response {
        try await HTTPConsumerExchange(make(), request, host: host).respond(isolation)
    }
}
