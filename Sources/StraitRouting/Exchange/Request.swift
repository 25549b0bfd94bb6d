public import StraitHTTP
public import StraitNetwork

/// A plain request: its scope, and its body as it arrives.
public struct Request: Sendable, ServiceProvider {
    public var scope: Scope
    /// The body, to be read once.
    public let body: RequestBody
    /// Who serves the request; nil for one that was made by hand.
    package let host: (any RequestHost)?
    /// What all copies of the request share.
    package let storage: RequestStorage

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

    /// `request` for a handler that is to find another body: the one that came was read before.
    package init(_ request: Request, body: RequestBody) {
        scope = request.scope
        self.body = body
        host = request.host
        storage = request.storage
    }

    /// The services of the site.
    public var services: Services { scope.services }
    public var method: HTTPMethod { scope.method }
    public var path: String { scope.path }
    public var headers: HTTPFields { scope.headers }
    public var query: QueryString { scope.query }
    public var urlRoute: URLRoute { scope.urlRoute }
    /// The request's cookies; see ``Scope/cookies``.
    public var cookies: [String: String] { scope.cookies }
}
