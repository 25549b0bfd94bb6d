public import StraitHTTP

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
///   - regex: The expression. Named groups become named arguments, and other groups are in ``URLRoute/args``.
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
