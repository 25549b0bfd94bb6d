internal import StraitHTTP

/// Reads the request's cookies into ``Scope/cookies``; Channels' `CookieMiddleware`.
public struct CookieMiddleware: Middleware {
    public let inner: any Application

    public init(_ inner: any Application) {
        self.inner = inner
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        // An outer one has read them already.
        if scope.cookies != nil { return try await inner.resolve(scope) }
        var scope = scope
        scope.cookies = scope.readCookies
        return try await inner.resolve(scope)
    }
}

extension Scope {
    /// The request's cookies, whether a ``CookieMiddleware`` has read them or not. Several `Cookie` fields, as HTTP/2 may
    /// send them, are one (RFC 9113 §8.2.3).
    package var readCookies: [String: String] {
        cookies ?? Cookie.parse(headers.values(of: "cookie").joined(separator: "; "))
    }
}
