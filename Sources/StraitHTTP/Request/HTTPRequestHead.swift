/// A request without its body: the parsed request line and the headers.
package struct HTTPRequestHead: Sendable, Equatable {
    /// The framing of the body (RFC 9112 §6.3).
    package enum Body: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    package var method: HTTPMethod
    /// The target's path, percent-encoded as the client sent it; ASGI's `raw_path`. `*` for `OPTIONS *`, empty for
    /// CONNECT.
    package var rawPath: String
    /// The decoded path; ASGI's `path`.
    package var path: String
    /// The target's query as the client sent it, without `?`.
    package var queryString: String
    /// The host and port in an absolute-form or authority-form target (RFC 9112 §3.2). The absolute form also replaces
    /// the `Host` header, as §3.2.2 requires.
    package var authority: String?
    package var version: HTTPVersion
    package var fields: HTTPFields
    package var body: Body
    /// Whether the client allows another request on the connection (RFC 9112 §9.3).
    package var keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    package var expectsContinue: Bool

    /// Creates a head without the parser, for tests and other sources of requests.
    package init(
        method: HTTPMethod = .get, rawPath: String, path: String? = nil, queryString: String = "",
        authority: String? = nil, version: HTTPVersion = .http11, fields: HTTPFields = HTTPFields(), body: Body = .none,
        keepAlive: Bool = true, expectsContinue: Bool = false
    ) {
        self.method = method
        self.rawPath = rawPath
        self.path = path ?? PercentEncoding.decode(rawPath) ?? rawPath
        self.queryString = queryString
        self.authority = authority
        self.version = version
        self.fields = fields
        self.body = body
        self.keepAlive = keepAlive
        self.expectsContinue = expectsContinue
    }
}
