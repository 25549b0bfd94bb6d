public import StraitHTTP

/// The target of routing, which serves the connection.
public enum Endpoint: Sendable {
    /// Responds to a plain request.
    case http(any HTTPHandler)
    /// Drives a WebSocket connection.
    case webSocket(any WebSocketEndpoint)
    /// Processes the messages of a channel.
    case worker(any WorkerEndpoint)
    /// A fixed response, such as a refusal or a redirect. It answers a plain request and also denies a handshake.
    case response(Response)
}

/// A handler of plain requests.
public protocol HTTPHandler: RouteTarget {
    /// Responds to `request`.
    ///
    /// - Throws: Any error. The server logs it and answers 500, or the status of an ``/StraitHTTP/HTTPStatusError``.
    func respond(to request: Request) async throws -> Response

    /// Responds without waiting, which saves the request a task. The default implementation returns nil, and the server
    /// then calls ``respond(to:)``.
    ///
    /// - Throws: Any error, handled like those of ``respond(to:)``.
    func respondNow(to request: Request) throws -> Response?

    /// Whether the response's task is cancelled when the client closes its end of the connection or the server stops.
    /// Return true for a handler that waits for an event before its response begins. Other handlers run to completion.
    ///
    /// The default is false. A handler that wraps another one returns that handler's value.
    var endsWithClient: Bool { get }

    /// The handler's name in lists of routes. The default is its type's name.
    var name: String { get }

    /// The accepted methods, for lists of routes. The default is nil: the handler decides.
    var methods: AllowedMethods? { get }
}

extension HTTPHandler {
    /// Returns nil: the handler may wait.
    public func respondNow(to request: Request) throws -> Response? { nil }
    /// False by default: the handler runs to completion.
    public var endsWithClient: Bool { false }
    /// Nil by default: the handler decides.
    public var methods: AllowedMethods? { nil }
    /// The type's name.
    public var name: String { String(describing: Self.self) }
}

/// A handler that never waits. The server calls it without a task.
package protocol ImmediateHandler: HTTPHandler {
    func answer(_ request: Request) throws -> Response
}

extension ImmediateHandler {
    package func respond(to request: Request) async throws -> Response { try answer(request) }
    package func respondNow(to request: Request) throws -> Response? { try answer(request) }
}

/// An endpoint that drives a WebSocket connection. Routing passes it to the server, which supports only the
/// implementation of consumers.
public protocol WebSocketEndpoint: Sendable {
    /// The endpoint's name in lists of routes. The default is its type's name.
    var name: String { get }
}

extension WebSocketEndpoint {
    /// The type's name.
    public var name: String { String(describing: Self.self) }
}

/// An endpoint that processes a channel's messages, as ``WebSocketEndpoint`` drives a WebSocket.
public protocol WorkerEndpoint: Sendable {}

extension Endpoint: Application {
    /// True: an endpoint serves a single path.
    public var isEndpoint: Bool { true }

    /// Returns the endpoint if it serves the scope's type.
    public func resolve(_ scope: Scope) async throws -> Resolution? { resolution(for: scope) }
    /// Returns the endpoint if it serves the scope's type. It never waits.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution { .resolved(resolution(for: scope)) }

    /// Returns this endpoint if it serves the scope's type. A plain request to a socket's path gets 426 (RFC 9110
    /// §15.5.22) unless a later route answers it. A handshake to a page's path gets nil.
    private func resolution(for scope: Scope) -> Resolution? {
        switch (self, scope.type) {
        case (.http, .http), (.webSocket, .webSocket), (.worker, .channel), (.response, _):
            return Resolution(scope: scope, endpoint: self)
        case (.http, .webSocket), (.worker, _), (_, .channel): return nil
        case (.webSocket, .http):
            var response = Response.text(
                "This address speaks WebSocket: connect to it with ws:// or wss://.\n", status: .upgradeRequired)
            response.headers["Upgrade"] = "websocket"
            response.headers["Connection"] = "Upgrade"
            var resolution = Resolution(scope: scope, endpoint: .response(response))
            resolution.isLastResort = true
            return resolution
        }
    }

    /// One pattern for a page, a socket or a response; none for a worker.
    public var urlPatterns: [URLPattern] {
        switch self {
        case .http: [URLPattern(kind: .http, endpoint: self)]
        case .webSocket: [URLPattern(kind: .webSocket, endpoint: self)]
        case .worker: []
        case .response: [URLPattern(kind: nil, endpoint: self)]
        }
    }
}
