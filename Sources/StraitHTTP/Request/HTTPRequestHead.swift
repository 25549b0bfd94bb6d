/// A request without its body: request line and fields, checked and taken apart.
package struct HTTPRequestHead: Sendable, Equatable {
    /// How the body's end is found (RFC 9112 §6.3).
    package enum Body: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    package var method: HTTPMethod
    /// The target's path as it came, percent-coded ASCII; ASGI's `raw_path`. `*` for `OPTIONS *`, empty for CONNECT.
    package var rawPath: String
    /// The path decoded; ASGI's `path`.
    package var path: String
    /// The target's query as it came, without `?`.
    package var queryString: String
    /// The host and port that an absolute-form or authority-form target names (RFC 9112 §3.2). With the absolute form
    /// the `Host` field has been replaced by it, as §3.2.2 demands.
    package var authority: String?
    package var version: HTTPVersion
    package var fields: HTTPFields
    package var body: Body
    /// Whether the client lets the connection carry another request (RFC 9112 §9.3).
    package var keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    package var expectsContinue: Bool

    /// A head as a client would have sent it; for tests, and for whatever else does not come from the parser.
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
