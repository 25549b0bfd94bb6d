public import StraitRouting

/// A socket: a path that has to match as a whole, and the consumer that is made for each of its connections; Channels'
/// `path("ws/echo/", Echo.as_asgi())`.
///
/// - Parameters:
///   - path: Literal text and arguments, `ws/rooms/<int:id>/`, without the first slash.
///   - kwargs: Arguments that the route adds; they win over captured ones of the same name.
///   - name: What the route is reversed by.
public func path(
    _ path: String, _ consumer: Consumer.Type, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.consumer(consumer), kwargs: kwargs, name: name)
}

/// A socket whose consumer takes arguments: `path("ws/feed/", consumer: Feed(limit: 10))`. The expression is evaluated
/// anew for each connection; Channels' `as_asgi(limit=10)`.
public func path(
    _ path: String, consumer: @autoclosure @escaping @Sendable () -> Consumer, kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.webSocket(ConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// A request that a consumer answers, made anew for each.
public func path(
    _ path: String, _ consumer: HTTPConsumer.Type, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.consumer(consumer), kwargs: kwargs, name: name)
}

/// A request whose consumer takes arguments. The expression is evaluated anew for each request.
public func path(
    _ path: String, consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer, kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.http(HTTPConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// A socket whose path a regular expression finds; Channels' `re_path()`. It matches anywhere in the path unless it
/// begins with `^`, and up to the path's end only with `$`.
///
/// - Parameter template: The same route as a path, to reverse its name with.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, _ consumer: Consumer.Type,
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(regex, template: template, Endpoint.consumer(consumer), kwargs: kwargs, name: name)
}

/// A request whose path a regular expression finds and that a consumer answers.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, _ consumer: HTTPConsumer.Type,
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(regex, template: template, Endpoint.consumer(consumer), kwargs: kwargs, name: name)
}

/// A socket whose path a regular expression finds and whose consumer takes arguments.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, consumer: @autoclosure @escaping @Sendable () -> Consumer,
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    rePath(
        regex, template: template, Endpoint.webSocket(ConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

/// A request whose path a regular expression finds and whose consumer takes arguments.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil,
    consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer, kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    rePath(regex, template: template, Endpoint.http(HTTPConsumerEndpoint(consumer)), kwargs: kwargs, name: name)
}

extension Endpoint {
    /// A consumer as an application, to put middleware around: Channels' `Echo.as_asgi()`.
    public static func consumer(_ type: Consumer.Type) -> Endpoint {
        .webSocket(ConsumerEndpoint { type.init() })
    }

    /// An HTTP consumer as an application.
    public static func consumer(_ type: HTTPConsumer.Type) -> Endpoint {
        .http(HTTPConsumerEndpoint { type.init() })
    }
}
