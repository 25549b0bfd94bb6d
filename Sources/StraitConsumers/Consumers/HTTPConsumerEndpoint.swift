internal import StraitNetwork
package import StraitRouting

/// A route's end that is an HTTP consumer, made for each request. Channels' `as_asgi()`.
package struct HTTPConsumerEndpoint: HTTPHandler {
    private let make: @Sendable () -> HTTPConsumer

    package init(_ make: @escaping @Sendable () -> HTTPConsumer) {
        self.make = make
    }

    package var name: String { String(describing: type(of: make())) }

    /// A consumer may wait for long before it says anything.
    package var endsWithClient: Bool { true }

    /// Answers on the request's loop, wherever this is called.
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
