public import StraitHTTP
public import StraitNetwork

/// A plain request: its scope and its body.
public struct Request: Sendable, ServiceProvider {
    /// The request's scope, which includes its headers.
    public var scope: Scope
    /// The body, which can be read once.
    public let body: RequestBody
    /// The server that handles the request, or nil for a request that was created directly.
    package let host: (any RequestHost)?
    /// The values that all copies of the request share.
    package let storage: RequestStorage

    /// Creates a request for tests.
    public init(scope: Scope, body: RequestBody = RequestBody()) {
        self.scope = scope
        self.body = body
        host = nil
        storage = RequestStorage()
    }

    package init(scope: Scope, body: RequestBody, host: any RequestHost) {
        self.scope = scope
        self.body = body
        self.host = host
        storage = RequestStorage()
    }

    /// Creates a copy of `request` with another body, for a handler whose request's body has already been read.
    package init(_ request: Request, body: RequestBody) {
        scope = request.scope
        self.body = body
        host = request.host
        storage = request.storage
    }

    /// The site's services.
    public var services: Services { scope.services }
    /// The request's method.
    public var method: HTTPMethod { scope.method }
    /// The complete decoded path; see ``Scope/path``.
    public var path: String { scope.path }
    /// The request's headers.
    public var headers: HTTPFields { scope.headers }
    /// The parsed query. Each access parses it again.
    public var query: QueryString { scope.query }
    /// The arguments and the name of the matching routes.
    public var urlRoute: URLRoute { scope.urlRoute }
    /// The request's cookies; see ``Scope/cookies``.
    public var cookies: [String: String] { scope.cookies }
}
