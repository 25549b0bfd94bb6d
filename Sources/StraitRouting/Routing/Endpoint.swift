internal import StraitHTTP

/// Where routing ends.
public enum Endpoint: Sendable {
    /// Answers a plain request.
    case http(any HTTPHandler)
    /// Drives a WebSocket.
    case webSocket(any WebSocketEndpoint)
    /// Works off the messages of a channel.
    case worker(any WorkerEndpoint)
    /// A response that is known already: a refusal, a redirect. It answers a plain request and denies a handshake
    /// alike.
    case response(Response)
}

/// Answers plain requests.
public protocol HTTPHandler: RouteTarget {
    /// - Throws: Any error; the server logs it and answers 500, or the status of an ``HTTPStatusError``.
    func respond(to request: Request) async throws -> Response

    /// The same response from a handler that does not have to wait for it, which saves the request a task. Nil by
    /// default: the server calls ``respond(to:)`` then.
    ///
    /// - Throws: As ``respond(to:)``.
    func respondNow(to request: Request) throws -> Response?

    /// Whether the task that responds is cancelled as soon as the client finishes sending or the server stops: for
    /// whoever waits for something before the response begins. Any other handler comes to its end. False by default; a
    /// handler around another one passes on the other's.
    var endsWithClient: Bool { get }

    /// What it is, for lists of routes: its type unless it says otherwise.
    var name: String { get }

    /// The methods that are answered, for lists of routes; nil where that is the handler's own affair, as by default.
    var methods: AllowedMethods? { get }
}

extension HTTPHandler {
    public func respondNow(to request: Request) throws -> Response? { nil }
    public var endsWithClient: Bool { false }
    public var methods: AllowedMethods? { nil }
    public var name: String { String(describing: Self.self) }
}

/// A handler that never waits: the server calls it without a task.
package protocol ImmediateHandler: HTTPHandler {
    func answer(_ request: Request) throws -> Response
}

extension ImmediateHandler {
    package func respond(to request: Request) async throws -> Response { try answer(request) }
    package func respondNow(to request: Request) throws -> Response? { try answer(request) }
}

/// What drives a WebSocket once it is routed to. The consumers' module conforms to it, and the server drives no other
/// type; routing only passes it through.
public protocol WebSocketEndpoint: Sendable {
    /// What drives it, for lists of routes: its type unless it says otherwise.
    var name: String { get }
}

extension WebSocketEndpoint {
    public var name: String { String(describing: Self.self) }
}

/// What works off a channel, as ``WebSocketEndpoint`` drives a WebSocket.
public protocol WorkerEndpoint: Sendable {}

extension Endpoint: Application {
    public var isEndpoint: Bool { true }

    public func resolve(_ scope: Scope) async throws -> Resolution? { resolution(for: scope) }
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution { .resolved(resolution(for: scope)) }

    /// Itself if it fits the scope. A plain request for a socket's path is answered with 426 (RFC 9110 §15.5.22) unless a
    /// later route has a better answer. A handshake for a page's path has no answer here.
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

    public var urlPatterns: [URLPattern] {
        switch self {
        case .http: [URLPattern(kind: .http, endpoint: self)]
        case .webSocket: [URLPattern(kind: .webSocket, endpoint: self)]
        case .worker: []
        case .response: [URLPattern(kind: nil, endpoint: self)]
        }
    }
}
