internal import StraitCore
package import StraitHTTP
public import StraitRouting

// The `consumer` parameters have default values for the same reason as those of type `MissingTarget`.

/// Creates a route from a path to a WebSocket consumer. Channels' `path("ws/feed/", Feed.as_asgi(limit=10))`.
///
/// ```swift
/// path("ws/chat/<slug:room>/", Chat())
/// path("ws/feed/", Feed(limit: 10), name: "feed")
/// ```
///
/// - Parameters:
///   - path: Literal text and arguments, such as `ws/rooms/<int:id>/`, without the leading slash. It must match the
///     whole path.
///   - consumer: The consumer, evaluated for each connection.
///   - kwargs: Additional arguments. They replace captured arguments of the same name.
///   - name: The route's name, for reversing.
public func path(
    _ path: String, _ consumer: @autoclosure @escaping @Sendable () -> Consumer = Consumer(),
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.webSocket(ConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// Creates a route from a path to an HTTP consumer.
///
/// - Parameter consumer: The consumer, evaluated for each request.
public func path(
    _ path: String, _ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer = HTTPConsumer(),
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.http(HTTPConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// Creates a route from a regular expression to a WebSocket consumer. Channels' `re_path()`.
///
/// The expression matches anywhere in the path unless it begins with `^`, and up to the path's end only if it ends with
/// `$`.
///
/// - Parameters:
///   - consumer: The consumer, evaluated for each connection.
///   - template: The same route as a path, for reversing and for route lists.
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ consumer: @autoclosure @escaping @Sendable () -> Consumer = Consumer(),
    template: String? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(
        regex, Endpoint.webSocket(ConsumerEndpoint(consumer)), template: template, kwargs: kwargs, name: name)
}

/// Creates a route from a regular expression to an HTTP consumer.
///
/// - Parameters:
///   - consumer: The consumer, evaluated for each request.
///   - template: The same route as a path, for reversing and for route lists.
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer = HTTPConsumer(),
    template: String? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(
        regex, Endpoint.http(HTTPConsumerEndpoint(consumer)), template: template, kwargs: kwargs, name: name)
}

extension Endpoint {
    /// Creates an application from a WebSocket consumer, to wrap it in middleware:
    /// `OriginValidator(Endpoint.consumer(Echo()), …)`. Channels' `Echo.as_asgi()`.
    ///
    /// - Parameter consumer: The consumer, evaluated for each connection.
    public static func consumer(_ consumer: @autoclosure @escaping @Sendable () -> Consumer) -> Endpoint {
        .webSocket(ConsumerEndpoint(consumer))
    }

    /// Creates an application from an HTTP consumer.
    ///
    /// - Parameter consumer: The consumer, evaluated for each request.
    public static func consumer(_ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer) -> Endpoint {
        .http(HTTPConsumerEndpoint(consumer))
    }
}

/// A route's endpoint that creates a consumer for each connection. Channels' `as_asgi()`.
package struct ConsumerEndpoint: WebSocketEndpoint {
    package let make: @Sendable () -> Consumer

    package init(_ make: @escaping @Sendable () -> Consumer) {
        self.make = make
    }

    package var name: String { String(describing: type(of: make())) }
}

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
        _ request: Request, _ host: any ServerContext, _ isolation: isolated LoopIsolation
    ) async throws -> Response {
        try await HTTPConsumerExchange(make(), request, host: host).respond(isolation)
    }
}
