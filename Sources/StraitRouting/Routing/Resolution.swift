public import StraitHTTP

/// Who answers a connection, and with which scope.
public struct Resolution: Sendable {
    /// The scope as the routers and middleware on the way left it.
    public var scope: Scope
    public var endpoint: Endpoint
    /// Fields that middleware adds to the response that accepts a WebSocket, such as `Set-Cookie`.
    public var acceptHeaders: HTTPFields
    /// Whether a route that comes later may still answer instead: 426 where only a socket lives.
    package var isLastResort = false
    /// Whether an ``OriginValidator`` admitted the handshake, so that the default check has nothing to add.
    package var originIsChecked = false

    public init(scope: Scope, endpoint: Endpoint, acceptHeaders: HTTPFields = HTTPFields()) {
        self.scope = scope
        self.endpoint = endpoint
        self.acceptHeaders = acceptHeaders
    }

    /// This resolution with `transform` applied to the response of an HTTP endpoint or of a refusal. A WebSocket's own
    /// acceptance is not a response: see ``acceptHeaders``.
    public func mapResponse(
        _ transform: @escaping @Sendable (Response) async throws -> Response
    ) async throws -> Resolution {
        var result = self
        switch endpoint {
        case .http(let handler):
            result.endpoint = .http(
                HTTPClosure(endsWithClient: handler.endsWithClient) { request in
                    try await transform(try await handler.respond(to: request))
                })
        case .response(let response): result.endpoint = .response(try await transform(response))
        case .webSocket, .worker: break
        }
        return result
    }
}
