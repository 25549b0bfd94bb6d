public import StraitHTTP

/// A path, and what it leads to; Django's and Channels' `path()`.
///
/// ```swift
/// path("rooms/", RoomsView(), name: "rooms")
/// path("ws/chat/<slug:room>/", Chat())                 // a consumer, made for each connection
/// path("upload/", upload, name: "upload")              // a function
/// ```
///
/// A view answers for the whole path. A router, or middleware around one, answers for every path with this beginning.
///
/// - Parameters:
///   - path: Literal text and arguments, `rooms/<int:id>/<page>`, without the first slash.
///   - target: A view or an application.
///   - kwargs: Arguments that the route adds; they win over captured ones of the same name.
///   - name: The name that ``URLNames/reverse(_:_:)`` finds the route by.
public func path(
    _ path: String, _ target: any RouteTarget = MissingTarget(), kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    Route(path: path, application: target.asApplication, kwargs: kwargs, name: name)
}

/// A path that a function answers.
///
/// ```swift
/// path("rooms/", methods: [.get, .post], name: "rooms") { request in … }
/// ```
///
/// - Parameters:
///   - path: Literal text and arguments, `rooms/<int:id>/<page>`, without the first slash.
///   - methods: The methods that the function is called for; all of them by default. Django's `require_http_methods`:
///     `GET` includes `HEAD`, `OPTIONS` is answered with the list, and others are refused with 405.
///   - kwargs: Arguments that the route adds; they win over captured ones of the same name.
///   - name: The name that ``URLNames/reverse(_:_:)`` finds the route by.
///   - respond: The function. Errors that it throws are answered with 500, or with the status of an ``HTTPError``.
public func path(
    _ path: String, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> Route {
    Route(path: path, application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// A path that a function answers without waiting. It is answered without a task.
public func path(
    _ path: String, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(
        path: path, application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// A path that a function answers, in Django's order: `path("upload/", upload, name: "upload")`.
@_disfavoredOverload
public func path(
    _ path: String, _ respond: @escaping @Sendable (Request) async throws -> Response,
    methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// A path that a function answers without waiting, in Django's order.
@_disfavoredOverload
public func path(
    _ path: String, _ respond: @escaping @Sendable (Request) throws -> Response,
    methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        path: path, application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Names the mistake of a target that is none.
@available(
    *, unavailable,
    message:
        "A path leads to a function (Request) -> Response, a view, a consumer that is made here, such as Echo(), or another application."
)
@_disfavoredOverload
@_documentation(visibility: internal)
public func path(_ path: String, _ target: Any = 0, kwargs: [String: any Sendable] = [:], name: String? = nil) -> Route
{
    fatalError()
}

/// Routes beneath `prefix`; Django's `include()`.
///
/// ```swift
/// include("shop/", namespace: "shop") {
///     path("", name: "index") { _ in .html("<h1>Shop</h1>") }
///     path("ws/basket/", Basket(), name: "basket")
/// }
/// ```
///
/// - Parameter namespace: What the names inside are prefixed with: `shop:basket`.
public func include(
    _ prefix: String, namespace: String? = nil, kwargs: [String: any Sendable] = [:],
    @RouteBuilder _ routes: () -> [Route]
) -> Route {
    include(prefix, routes(), namespace: namespace, kwargs: kwargs)
}

/// Routes beneath `prefix`; Django's `include()` of a list. A mistake in one of them is reported when the outermost
/// ``URLRouter`` is made.
///
/// - Parameter namespace: What the names inside are prefixed with: `shop:basket`.
public func include(
    _ prefix: String, _ routes: [Route], namespace: String? = nil, kwargs: [String: any Sendable] = [:]
) -> Route {
    Route(.path(prefix), .routes(routes), kwargs, namespace: namespace)
}

/// Another router beneath `prefix`; Django's `include()`.
///
/// - Parameter namespace: What the names inside are prefixed with: `shop:basket`.
public func include(
    _ prefix: String, _ application: any Application, namespace: String? = nil, kwargs: [String: any Sendable] = [:]
) -> Route {
    Route(path: prefix, application: application, kwargs: kwargs, namespace: namespace)
}
