public import StraitHTTP

/// Routes a path to a view or an application; Django's and Channels' `path()`.
///
/// ```swift
/// path("rooms/", RoomsView(), name: "rooms")
/// path("ws/chat/<slug:room>/", Chat())                 // a consumer, made for each connection
/// path("upload/", upload, name: "upload")              // a function
/// ```
///
/// A view serves exactly this path. A router, or middleware around one, serves every path that begins with it.
///
/// - Parameters:
///   - path: Literal text and arguments without the leading slash: `rooms/<int:id>/<page>`.
///   - target: A view or an application.
///   - kwargs: Extra arguments. They replace captured arguments of the same name.
///   - name: The route's name for ``URLNames/reverse(_:_:)``.
public func path(
    _ path: String, _ target: any RouteTarget = MissingTarget(), kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    Route(path: path, application: target.asApplication, kwargs: kwargs, name: name)
}

/// Routes a path to a function.
///
/// ```swift
/// path("rooms/", methods: [.get, .post], name: "rooms") { request in … }
/// ```
///
/// - Parameters:
///   - path: Literal text and arguments without the leading slash: `rooms/<int:id>/<page>`.
///   - methods: The methods that the function accepts; all by default. As in Django's `require_http_methods`, `GET`
///     includes `HEAD`, `OPTIONS` is answered with the list, and other methods get 405.
///   - kwargs: Extra arguments. They replace captured arguments of the same name.
///   - name: The route's name for ``URLNames/reverse(_:_:)``.
///   - respond: The function. If it throws, the server answers 500, or the status of an ``/StraitHTTP/HTTPError``.
public func path(
    _ path: String, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> Route {
    Route(path: path, application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Routes a path to a function that does not wait. The server calls it without a task.
public func path(
    _ path: String, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(
        path: path, application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Routes a path to a function, with Django's order of parameters: `path("upload/", upload, name: "upload")`.
@_disfavoredOverload
public func path(
    _ path: String, _ respond: @escaping @Sendable (Request) async throws -> Response,
    methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Routes a path to a function that does not wait, with Django's order of parameters.
@_disfavoredOverload
public func path(
    _ path: String, _ respond: @escaping @Sendable (Request) throws -> Response,
    methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        path: path, application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Reports an unsupported target at compile time.
@available(*, unavailable, message: "Pass a function (Request) -> Response, view, consumer (Echo()) or application.")
@_disfavoredOverload
@_documentation(visibility: internal)
public func path(_ path: String, _ target: Any = 0, kwargs: [String: any Sendable] = [:], name: String? = nil) -> Route
{
    fatalError()
}

/// Includes routes under `prefix`; Django's `include()`.
///
/// ```swift
/// include("shop/", namespace: "shop") {
///     path("", name: "index") { _ in .html("<h1>Shop</h1>") }
///     path("ws/basket/", Basket(), name: "basket")
/// }
/// ```
///
/// - Parameter namespace: The prefix of the routes' names: `shop:basket`.
public func include(
    _ prefix: String, namespace: String? = nil, kwargs: [String: any Sendable] = [:],
    @RouteBuilder _ routes: () -> [Route]
) -> Route {
    include(prefix, routes(), namespace: namespace, kwargs: kwargs)
}

/// Includes a list of routes under `prefix`; Django's `include()` of a list. The outermost ``URLRouter`` reports errors
/// in the list when it is created.
///
/// - Parameter namespace: The prefix of the routes' names: `shop:basket`.
public func include(
    _ prefix: String, _ routes: [Route], namespace: String? = nil, kwargs: [String: any Sendable] = [:]
) -> Route {
    Route(.path(prefix), .routes(routes), kwargs, namespace: namespace)
}

/// Includes another router under `prefix`; Django's `include()`.
///
/// - Parameter namespace: The prefix of the routes' names: `shop:basket`.
public func include(
    _ prefix: String, _ application: any Application, namespace: String? = nil, kwargs: [String: any Sendable] = [:]
) -> Route {
    Route(path: prefix, application: application, kwargs: kwargs, namespace: namespace)
}

/// Routes paths that match a regular expression to a view or an application; Django's and Channels' `re_path()`.
///
/// ```swift
/// rePath(#/^rooms/(?<room>\w+)/$/#, RoomView(), name: "room")
/// ```
///
/// The expression matches anywhere in the path unless it begins with `^`. It matches the rest of the path only if it
/// ends with `$`. Write an expression that contains slashes between `#/` and `/#`.
///
/// - Parameters:
///   - regex: The expression. Named groups become named arguments, and other groups are in
///     ``/StraitHTTP/URLRoute/args``.
///   - target: A view or an application.
///   - template: The same route as a path, which is used to reverse its name and to list it. A `Regex` has no text.
///   - kwargs: Extra arguments. They replace captured arguments of the same name.
///   - name: The route's name for ``URLNames/reverse(_:_:)``.
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ target: any RouteTarget = MissingTarget(), template: String? = nil,
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: target.asApplication, kwargs: kwargs, name: name)
}

/// Routes paths that match a regular expression to a function.
///
/// ```swift
/// rePath(#/^archive/(?<year>[0-9]{4})/$/#, template: "archive/<int:year>/", name: "archive") { request in
///     .text(try request.scope.urlRoute["year"])
/// }
/// ```
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, methods: [HTTPMethod]? = nil,
    kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Routes paths that match a regular expression to a function that does not wait.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, methods: [HTTPMethod]? = nil,
    kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Routes paths that match a regular expression to a function, with Django's order of parameters.
@_disfavoredOverload
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ respond: @escaping @Sendable (Request) async throws -> Response,
    template: String? = nil, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Routes paths that match a regular expression to a function that does not wait, with Django's order of parameters.
@_disfavoredOverload
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ respond: @escaping @Sendable (Request) throws -> Response,
    template: String? = nil, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Reports an unsupported target at compile time.
@available(*, unavailable, message: "Pass a function (Request) -> Response, view, consumer (Echo()) or application.")
@_disfavoredOverload
@_documentation(visibility: internal)
public func rePath<Output>(
    _ regex: Regex<Output>, _ target: Any = 0, template: String? = nil, kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    fatalError()
}
