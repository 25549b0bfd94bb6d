public import StraitHTTP

/// A regular expression that finds a path, and what it leads to; Django's and Channels' `re_path()`.
///
/// ```swift
/// rePath(#/^rooms/(?<room>\w+)/$/#, RoomView(), name: "room")
/// ```
///
/// It matches anywhere in the path unless it begins with `^`, and up to the path's end only with `$`. A regular
/// expression with slashes in it is written between `#/` and `/#`.
///
/// - Parameters:
///   - regex: The expression. Its named groups are arguments with names, others are in ``URLRoute/args``.
///   - target: A view or an application.
///   - template: The same route as a path, to reverse its name with and to show in lists: a `Regex` has no text.
///   - kwargs: Arguments that the route adds; they win over captured ones of the same name.
///   - name: The name that ``URLNames/reverse(_:_:)`` finds the route by.
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ target: any RouteTarget = MissingTarget(), template: String? = nil,
    kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: target.asApplication, kwargs: kwargs, name: name)
}

/// A path that a regular expression finds and a function answers.
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

/// A path that a regular expression finds and a function answers without waiting.
public func rePath<Output>(
    _ regex: sending Regex<Output>, template: String? = nil, methods: [HTTPMethod]? = nil,
    kwargs: [String: any Sendable] = [:], name: String? = nil,
    _ respond: @escaping @Sendable (Request) throws -> Response
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// A path that a regular expression finds and a function answers, in Django's order.
@_disfavoredOverload
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ respond: @escaping @Sendable (Request) async throws -> Response,
    template: String? = nil, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(FunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// A path that a regular expression finds and a function answers without waiting, in Django's order.
@_disfavoredOverload
public func rePath<Output>(
    _ regex: sending Regex<Output>, _ respond: @escaping @Sendable (Request) throws -> Response,
    template: String? = nil, methods: [HTTPMethod]? = nil, kwargs: [String: any Sendable] = [:], name: String? = nil
) -> Route {
    Route(
        regex: Regex<AnyRegexOutput>(regex), template: template,
        application: Endpoint.http(ImmediateFunctionHandler(methods, respond)), kwargs: kwargs, name: name)
}

/// Names the mistake of a target that is none.
@available(
    *, unavailable,
    message:
        "A path leads to a function (Request) -> Response, a view, a consumer that is made here, such as Echo(), or another application."
)
@_disfavoredOverload
@_documentation(visibility: internal)
public func rePath<Output>(
    _ regex: Regex<Output>, _ target: Any = 0, template: String? = nil, kwargs: [String: any Sendable] = [:],
    name: String? = nil
) -> Route {
    fatalError()
}
