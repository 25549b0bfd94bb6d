public import StraitHTTP

/// A plain request: its scope, and its body as it arrives.
public struct Request: Sendable {
    public var scope: Scope
    /// The body, to be read once.
    public let body: RequestBody

    public init(scope: Scope, body: RequestBody = RequestBody()) {
        self.scope = scope
        self.body = body
    }

    public var method: HTTPMethod { scope.method }
    public var path: String { scope.path }
    public var headers: HTTPFields { scope.headers }
    public var query: QueryString { scope.query }
    public var urlRoute: URLRoute { scope.urlRoute }
    /// The request's cookies, or nil outside of a ``CookieMiddleware``.
    public var cookies: [String: String]? { scope.cookies }
}
