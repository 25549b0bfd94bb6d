public import StraitHTTP
public import StraitJSON
public import StraitNetwork

/// The answer to a request, or the refusal of a WebSocket handshake.
public struct Response: Sendable {
    public var status: HTTPStatus
    public var headers: HTTPFields
    public var body: ResponseBody

    public init(status: HTTPStatus = .ok, headers: HTTPFields = HTTPFields(), body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// `bytes` of a type.
    public init(status: HTTPStatus = .ok, type: MediaType, _ bytes: Bytes) {
        self.init(status: status, headers: Self.fields(type), body: .bytes(bytes))
    }

    /// The fields of content of a type, with room for what a site adds.
    private static func fields(_ type: MediaType) -> HTTPFields {
        var fields = HTTPFields(reserving: 256, count: 8)
        fields["content-type"] = type.rawValue
        return fields
    }

    /// A page.
    public static func html(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(status: status, type: .html, Bytes(text))
    }

    /// Plain text.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(status: status, type: .text, Bytes(text))
    }

    /// `value` as JSON.
    ///
    /// - Throws: `EncodingError`, and what `value` throws.
    public static func json(
        _ value: some Encodable, status: HTTPStatus = .ok, coder: JSONCoder = JSONCoder()
    ) throws -> Response {
        Response(status: status, type: .json, try coder.encode(value))
    }

    /// Redirects the browser to `location` with 302, or 301 if it is permanent. Django's `HttpResponseRedirect`.
    ///
    /// Characters that a URL cannot hold, such as spaces and letters outside of ASCII, are percent-coded; a `%` stays as
    /// it is. As in Django, only `http`, `https` and `ftp` are allowed as schemes: for any other, such as `javascript`,
    /// the response is 400. With a control character in it, the response fails with 500, as any header does.
    public static func redirect(to location: String, permanent: Bool = false) -> Response {
        guard let target = RedirectTarget(location) else {
            return .text(RedirectTarget.refusal, status: .badRequest)
        }
        return Response(status: permanent ? .movedPermanently : .found, headers: ["location": target.url])
    }

    /// The file at `path`. Without a `type` it has the one that its name suggests, by the site's `MEDIA_TYPES` or the
    /// table of ``/StraitHTTP/MediaTypes``. The server answers 404 if there is no regular file, and 500 if there is one that
    /// cannot be opened.
    ///
    /// The path is taken as it is. For one that comes from a request there is `file(_:in:)`, which does not leave its
    /// folder.
    public static func file(_ path: String, type: MediaType? = nil) -> Response {
        var response = Response(headers: HTTPFields(), body: .file(path: path))
        response.headers["content-type"] = type?.rawValue
        return response
    }

    /// A body that is written piece by piece.
    public static func stream(
        status: HTTPStatus = .ok, type: MediaType,
        _ write: @escaping @Sendable (ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(status: status, headers: ["content-type": type.rawValue], body: .stream(write))
    }

    /// 404 with a line of text.
    public static var notFound: Response { .text("Not Found\n", status: .notFound) }

    /// A status with its reason phrase as text.
    public static func status(_ status: HTTPStatus) -> Response {
        status.forbidsBody ? Response(status: status) : .text(status.reasonPhrase + "\n", status: status)
    }

    /// What a server answers who asks with `scope`, where this response was known before the request. A refusal answers
    /// everything; a page answers only who wants to read it.
    package func answering(_ scope: Scope) -> Response {
        guard (200..<300).contains(status.code) else { return self }
        if scope.type == .webSocket { return .notFound }
        guard scope.method == .get || scope.method == .head else {
            var refusal = Response.status(.methodNotAllowed)
            refusal.headers["Allow"] = "GET, HEAD"
            return refusal
        }
        return self
    }

    /// 304 in the place of this response, whose body the client has: what is said of a body goes with it (RFC 9110
    /// §15.4.5).
    package var notModified: Response {
        var answer = self
        answer.status = .notModified
        answer.body = .empty
        for name in ["content-type", "content-encoding", "content-length"] { answer.headers.remove(name) }
        return answer
    }

    /// A refusal with `status` in place of this response. Its text replaces the body and the headers that describe the
    /// body. All other headers stay, because the site and the application set them for every response.
    package func refusing(_ status: HTTPStatus) -> Response {
        var answer = self
        let refusal = Response.status(status)
        answer.status = status
        answer.body = refusal.body
        let aboutBody = [
            "content-encoding", "content-length", "content-range", "content-disposition", "content-language", "etag",
            "last-modified", "accept-ranges", "cache-control", "expires",
        ]
        for name in aboutBody { answer.headers.remove(name) }
        answer.headers["content-type"] = refusal.headers["content-type"]
        return answer
    }

    /// What a server answers where a handler threw `error`: its text may be shown where the client is to blame.
    package static func answering(_ error: any HTTPStatusError) -> Response {
        error.status.code < 500 ? .text(error.description + "\n", status: error.status) : .status(error.status)
    }

    /// Adds a `Set-Cookie` field; Channels' `CookieMiddleware.set_cookie`.
    ///
    /// - Throws: `HTTPFieldError` where the name, domain or path could add an attribute of its own.
    public mutating func setCookie(_ cookie: SetCookie) throws(HTTPFieldError) {
        try headers.append("set-cookie", cookie.headerValue())
    }

    /// Makes the browser drop a cookie; Channels' `delete_cookie`.
    public mutating func deleteCookie(
        _ name: String, domain: String? = nil, path: String? = "/"
    ) throws(HTTPFieldError) {
        try setCookie(.deleting(name, domain: domain, path: path))
    }
}
