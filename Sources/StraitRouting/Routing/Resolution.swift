public import StraitHTTP

/// Who answers a connection, and with which scope.
public struct Resolution: Sendable {
    /// The scope as the routers and middleware on the way left it.
    public var scope: Scope
    /// Who answers, and does to its response what was asked for with ``changeResponse(_:)``.
    public var endpoint: Endpoint {
        get { changes.isEmpty ? unchanged : changed }
        set {
            unchanged = newValue
            changes = []
        }
    }
    /// Fields that middleware adds to the response that accepts a WebSocket, such as `Set-Cookie`.
    public var acceptHeaders: HTTPFields
    /// Whether a route that comes later may still answer instead: 426 where only a socket lives.
    package var isLastResort = false
    /// Whether an ``OriginValidator`` admitted the handshake, so that the default check has nothing to add.
    package var originIsChecked = false
    /// Who answers, without ``changes``.
    package private(set) var unchanged: Endpoint
    /// What is still to be done to the response of a handler, in this order.
    package private(set) var changes: [@Sendable (inout Response) throws -> Void] = []

    public init(scope: Scope, endpoint: Endpoint, acceptHeaders: HTTPFields = HTTPFields()) {
        self.scope = scope
        unchanged = endpoint
        self.acceptHeaders = acceptHeaders
    }

    /// Has `change` done to the response of an HTTP endpoint, or to a refusal. It costs a page hardly anything, as it
    /// waits for nothing; what has to wait is done with ``mapResponse(_:)``. A WebSocket's own acceptance is not a
    /// response: see ``acceptHeaders``.
    ///
    /// - Throws: What `change` throws, where the response is known already.
    public mutating func changeResponse(_ change: @escaping @Sendable (inout Response) throws -> Void) throws {
        switch unchanged {
        case .http: changes.append(change)
        case .response(var response):
            try change(&response)
            unchanged = .response(response)
        case .webSocket, .worker: break
        }
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

    private var changed: Endpoint {
        guard case .http(let handler) = unchanged else { return unchanged }
        return .http(Changed(handler: handler, changes: changes))
    }

    /// A handler and what is done to its responses.
    private struct Changed: HTTPHandler {
        let handler: any HTTPHandler
        let changes: [@Sendable (inout Response) throws -> Void]
        var endsWithClient: Bool { handler.endsWithClient }
        var name: String { handler.name }
        var methods: AllowedMethods? { handler.methods }

        func respond(to request: Request) async throws -> Response {
            var response = try await handler.respond(to: request)
            for change in changes { try change(&response) }
            return response
        }
    }
}
