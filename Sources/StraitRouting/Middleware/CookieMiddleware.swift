internal import StraitHTTP

/// Reads the request's cookies into ``Scope/cookies``; Channels' `CookieMiddleware`.
public struct CookieMiddleware: Middleware {
    public let inner: any Application

    public init(_ inner: any Application) {
        self.inner = inner
    }

    /// Several `Cookie` fields, as HTTP/2 may send them, are one (RFC 9113 §8.2.3).
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        // An outer one has read them already.
        if scope.cookies != nil { return try await inner.resolve(scope) }
        var scope = scope
        scope.cookies = Cookie.parse(scope.headers.values(of: "cookie").joined(separator: "; "))
        return try await inner.resolve(scope)
    }
}
