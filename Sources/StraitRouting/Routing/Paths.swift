public import StraitHTTP

/// A page: a path that has to match as a whole, and who answers it; Django's `path()`.
///
/// - Parameters:
///   - path: Literal text and arguments, `rooms/<int:id>/<page>`, without the first slash.
///   - kwargs: Arguments that the route adds; they win over captured ones of the same name.
///   - name: What ``URLNames/reverse(_:_:)`` finds the route by.
public func path(
    _ path: String, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> Route {
    Route(path: path, application: Endpoint.http(HTTPClosure(respond)), kwargs: kwargs, name: name)
}

/// A page whose function does not wait; it is answered without a task.
public func path(
    _ path: String, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(path: path, application: Endpoint.http(ImmediateClosure(nil, respond)), kwargs: kwargs, name: name)
}

/// A page that answers some methods alone, and whose function does not wait.
public func path(
    _ path: String, methods: [HTTPMethod], kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(path: path, application: Endpoint.http(ImmediateClosure(methods, respond)), kwargs: kwargs, name: name)
}

/// A page that answers some methods alone; Django's `require_http_methods`. `GET` means `HEAD` too, `OPTIONS` is answered
/// with what there is, and another method is refused with 405.
///
/// ```swift
/// path("rooms/", methods: [.get, .post], name: "rooms") { request in … }
/// ```
public func path(
    _ path: String, methods: [HTTPMethod], kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> Route {
    Route(
        path: path, application: Endpoint.http(MethodsClosure(methods, respond)), kwargs: kwargs,
        name: name)
}

/// A page that a handler of its own type answers.
public func path(
    _ path: String, _ handler: any HTTPHandler, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: Endpoint.http(handler), kwargs: kwargs, name: name)
}

/// Another application beneath a path: a router or middleware around one matches the path's beginning, an endpoint all
/// of it.
public func path(
    _ path: String, _ application: any Application, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(path: path, application: application, kwargs: kwargs, name: name)
}

/// Routes beneath `prefix`; Django's `include()`.
///
/// ```swift
/// include("shop/", namespace: "shop") {
///     path("", name: "index") { _ in .html("<h1>Shop</h1>") }
///     path("ws/basket/", Basket.self, name: "basket")
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

/// A page whose path a regular expression finds; Django's `re_path()`. It matches anywhere in the path unless it begins
/// with `^`, and up to the path's end only with `$`.
///
/// ```swift
/// rePath(#/^archive/(?<year>[0-9]{4})/$/#, template: "archive/<int:year>/", name: "archive") { request in
///     .text(try request.scope.urlRoute["year"])
/// }
/// ```
///
/// A regular expression with slashes in it is written between `#/` and `/#`.
///
/// - Parameter template: The same route as a path, to reverse its name with: a `Regex` has no text to do it by.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) async throws -> Response
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template, application: Endpoint.http(HTTPClosure(respond)),
        kwargs: kwargs, name: name)
}

/// A page whose path a regular expression finds, and whose function does not wait.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(ImmediateClosure(nil, respond)),
        kwargs: kwargs, name: name)
}

/// Another application beneath what a regular expression finds.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, _ application: any Application,
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template, application: application, kwargs: kwargs, name: name)
}
