public import StraitRouting

// The consumers have default values for the reason that `MissingTarget` says.

/// A path of sockets and the consumer of each; Channels' `path("ws/feed/", Feed.as_asgi(limit=10))`.
///
/// ```swift
/// path("ws/chat/<slug:room>/", Chat())
/// path("ws/feed/", Feed(limit: 10), name: "feed")
/// ```
///
/// - Parameters:
///   - path: Literal text and arguments, `ws/rooms/<int:id>/`, without the first slash. It has to match as a whole.
///   - consumer: The consumer, evaluated for each connection.
///   - kwargs: Arguments that the route adds; they win over captured ones of the same name.
///   - name: The name that the route is reversed by.
public func path(
    _ path: String, _ consumer: @autoclosure @escaping @Sendable () -> Consumer = Consumer(),
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.webSocket(ConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// A path of requests and the consumer that answers each.
///
/// - Parameter consumer: The consumer, evaluated for each request.
public func path(
    _ path: String, _ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer = HTTPConsumer(),
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.http(HTTPConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// A regular expression that finds the path of sockets, and the consumer of each; Channels' `re_path()`.
///
/// It matches anywhere in the path unless it begins with `^`, and up to the path's end only with `$`.
///
/// - Parameters:
///   - consumer: The consumer, evaluated for each connection.
///   - template: The same route as a path, to reverse its name with and to show in lists.
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ consumer: @autoclosure @escaping @Sendable () -> Consumer = Consumer(),
    template: String? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(
        regex, Endpoint.webSocket(ConsumerEndpoint(consumer)), template: template, kwargs: kwargs, name: name)
}

/// A regular expression that finds the path of requests, and the consumer that answers each.
///
/// - Parameters:
///   - consumer: The consumer, evaluated for each request.
///   - template: The same route as a path, to reverse its name with and to show in lists.
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer = HTTPConsumer(),
    template: String? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(
        regex, Endpoint.http(HTTPConsumerEndpoint(consumer)), template: template, kwargs: kwargs, name: name)
}

extension Endpoint {
    /// A consumer as an application, to put middleware around: `OriginValidator(Endpoint.consumer(Echo()), …)`. Channels'
    /// `Echo.as_asgi()`.
    ///
    /// - Parameter consumer: Evaluated for each connection.
    public static func consumer(_ consumer: @autoclosure @escaping @Sendable () -> Consumer) -> Endpoint {
        .webSocket(ConsumerEndpoint(consumer))
    }

    /// An HTTP consumer as an application.
    ///
    /// - Parameter consumer: Evaluated for each request.
    public static func consumer(_ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer) -> Endpoint {
        .http(HTTPConsumerEndpoint(consumer))
    }
}
