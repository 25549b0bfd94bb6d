public import StraitHTTP

/// A target of `path` and `rePath` besides functions and consumers: a view, a router, or middleware around one.
///
/// ```swift
/// path("rooms/", RoomsView())                 // answers for the whole path
/// path("shop/", TenantMiddleware(shop))       // answers for every path with this beginning
/// ```
public protocol RouteTarget: Sendable {
    /// The application that serves this target.
    var asApplication: any Application { get }
}

extension Application {
    /// The application itself.
    public var asApplication: any Application { self }
}

extension HTTPHandler {
    /// An ``Endpoint`` with this handler.
    public var asApplication: any Application { Endpoint.http(self) }
}

/// A placeholder for the missing target of a route. The router rejects such a route.
///
/// It is the default value of a target parameter. Without it, the compiler would report a mistake in a route's closure
/// as a wrong type of target.
public struct MissingTarget: Application {
    /// Creates the placeholder.
    public init() {}

    /// Returns nil.
    public func resolve(_ scope: Scope) async throws -> Resolution? { nil }
    /// True: the route has to match the whole path.
    public var isEndpoint: Bool { true }
}

/// The methods that a handler accepts, and the responses to other methods; Django's `require_http_methods`.
public struct AllowedMethods: Sendable, Hashable {
    /// The methods in the order of the `Allow` header, including the implied `HEAD` and `OPTIONS`.
    public let methods: [HTTPMethod]
    private let answersOptions: Bool

    /// Creates the list of methods.
    ///
    /// - Parameter methods: The methods that the handler accepts. `GET` implies `HEAD`, for which the server omits the
    ///   body. `OPTIONS` is answered automatically unless it is in the list.
    public init(_ methods: [HTTPMethod]) {
        var all: [HTTPMethod] = []
        for method in methods {
            if !all.contains(method) { all.append(method) }
            if method == .get, !all.contains(.head) { all.append(.head) }
        }
        answersOptions = !all.contains(.options)
        if answersOptions { all.append(.options) }
        self.methods = all
    }

    /// The value of an `Allow` header (RFC 9110 §10.2.1).
    public var fieldValue: String { methods.map(\.rawValue).joined(separator: ", ") }

    /// Returns the response that replaces the handler's: the list of methods for `OPTIONS`, or 405 (RFC 9110 §9.3.7,
    /// §15.5.6). Returns nil if the handler accepts `method`.
    public func answer(to method: HTTPMethod) -> Response? {
        if methods.contains(method), method != .options || !answersOptions { return nil }
        var response = method == .options ? Response() : .status(.methodNotAllowed)
        response.headers["allow"] = fieldValue
        return response
    }
}

/// A handler that calls a function.
struct FunctionHandler: HTTPHandler {
    let methods: AllowedMethods?
    let body: @Sendable (Request) async throws -> Response

    init(_ methods: [HTTPMethod]?, _ body: @escaping @Sendable (Request) async throws -> Response) {
        self.methods = methods.map(AllowedMethods.init)
        self.body = body
    }

    var name: String { "a function" }

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        return try await body(request)
    }
}

/// A handler that calls a function that never waits.
struct ImmediateFunctionHandler: ImmediateHandler {
    let methods: AllowedMethods?
    let body: @Sendable (Request) throws -> Response

    init(_ methods: [HTTPMethod]?, _ body: @escaping @Sendable (Request) throws -> Response) {
        self.methods = methods.map(AllowedMethods.init)
        self.body = body
    }

    var name: String { "a function" }

    func answer(_ request: Request) throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        return try body(request)
    }
}
