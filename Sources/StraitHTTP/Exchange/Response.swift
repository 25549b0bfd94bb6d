public import StraitCore
public import StraitJSON

/// The response to a request, or the refusal of a WebSocket handshake.
public struct Response: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The headers.
    public var headers: HTTPFields
    /// The body.
    public var body: ResponseBody

    /// Creates a response, by default an empty 200.
    public init(status: HTTPStatus = .ok, headers: HTTPFields = HTTPFields(), body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Creates a response with `bytes` of a media type.
    public init(status: HTTPStatus = .ok, type: MediaType, _ bytes: Bytes) {
        self.init(status: status, headers: Self.fields(type), body: .bytes(bytes))
    }

    /// Returns headers with the content type and spare room for the site's headers.
    private static func fields(_ type: MediaType) -> HTTPFields {
        var fields = HTTPFields(reserving: 256, count: 8)
        fields["content-type"] = type.rawValue
        return fields
    }

    /// Returns an HTML page.
    public static func html(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(status: status, type: .html, Bytes(text))
    }

    /// Returns plain text.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(status: status, type: .text, Bytes(text))
    }

    /// Returns `value` as JSON.
    ///
    /// - Throws: `EncodingError`, or an error of `value`.
    public static func json(
        _ value: some Encodable, status: HTTPStatus = .ok, coder: JSONCoder = JSONCoder()
    ) throws -> Response {
        Response(status: status, type: .json, try coder.encode(value))
    }

    /// Returns a redirect to `location` with 302, or with 301 if it is permanent; Django's `HttpResponseRedirect`.
    ///
    /// Characters that a URL cannot contain, such as spaces and non-ASCII letters, are percent-encoded. An existing `%`
    /// is kept. As in Django, only the schemes `http`, `https` and `ftp` are allowed. Any other scheme, such as
    /// `javascript`, results in 400. A control character makes the response fail with 500, as in any header.
    public static func redirect(to location: String, permanent: Bool = false) -> Response {
        guard let target = RedirectTarget(location) else {
            return .text(RedirectTarget.refusal, status: .badRequest)
        }
        return Response(status: permanent ? .movedPermanently : .found, headers: ["location": target.url])
    }

    /// Returns the file at `path`. The server answers 404 if it is not a regular file, and 500 if it cannot be opened.
    ///
    /// If `type` is nil, the file's extension determines it: by the site's `MEDIA_TYPES`, then by ``MediaTypes``.
    ///
    /// The path is used unchanged. For a path from a request, use `file(_:in:)`, which stays inside its folder.
    public static func file(_ path: String, type: MediaType? = nil) -> Response {
        var response = Response(headers: HTTPFields(), body: .file(path: path))
        response.headers["content-type"] = type?.rawValue
        return response
    }

    /// Returns a response whose body is written piece by piece.
    public static func stream(
        status: HTTPStatus = .ok, type: MediaType,
        _ write: @escaping @Sendable (ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(status: status, headers: ["content-type": type.rawValue], body: .stream(write))
    }

    /// A 404 response with a line of text.
    public static var notFound: Response { .text("Not Found\n", status: .notFound) }

    /// Returns a response with the status and its reason phrase as text.
    public static func status(_ status: HTTPStatus) -> Response {
        status.forbidsBody ? Response(status: status) : .text(status.reasonPhrase + "\n", status: status)
    }

    /// Returns this fixed response for a request with `scope`. A refusal answers every request. A page answers only
    /// `GET` and `HEAD`; other methods get 405, and a handshake gets 404.
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

    /// A 304 response in place of this one, without the headers that describe a body (RFC 9110 §15.4.5).
    package var notModified: Response {
        var answer = self
        answer.status = .notModified
        answer.body = .empty
        for name in ["content-type", "content-encoding", "content-length"] { answer.headers.remove(name) }
        return answer
    }

    /// Returns a refusal with `status` in place of this response. Its text replaces the body and the headers that
    /// describe the body. All other headers are kept because the site and the application set them for every response.
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

    /// Returns the response to an error of a handler. It contains the error's text only if the status is below 500.
    package static func answering(_ error: any HTTPStatusError) -> Response {
        error.status.code < 500 ? .text(error.description + "\n", status: error.status) : .status(error.status)
    }

    /// Adds a `Set-Cookie` header; Channels' `CookieMiddleware.set_cookie`.
    ///
    /// - Throws: `HTTPFieldError` if the name, domain or path contains characters that could add an attribute.
    public mutating func setCookie(_ cookie: SetCookie) throws(HTTPFieldError) {
        try headers.append("set-cookie", cookie.headerValue())
    }

    /// Adds a `Set-Cookie` header that makes the browser delete a cookie; Channels' `delete_cookie`.
    ///
    /// - Throws: `HTTPFieldError` if the name, domain or path contains characters that could add an attribute.
    public mutating func deleteCookie(
        _ name: String, domain: String? = nil, path: String? = "/"
    ) throws(HTTPFieldError) {
        try setCookie(.deleting(name, domain: domain, path: path))
    }
}

/// The body of a response.
public enum ResponseBody: Sendable {
    /// No body.
    case empty
    /// Bytes in memory.
    case bytes(Bytes)
    /// Pieces of a stream, whose total length is not known in advance.
    case stream(@Sendable (ResponseBodyWriter) async throws -> Void)
    /// A file's contents. They bypass the process's memory if the connection supports it.
    case file(path: String)
}

/// The server's destination for the pieces of a streamed response.
package protocol ResponseBodySink: Sendable {
    /// Queues `bytes`, and returns when the connection accepts more.
    ///
    /// - Throws: The connection's error if the client has disconnected.
    nonisolated(nonsending) func write(_ bytes: Bytes) async throws
}

/// A writer for the body of a streamed response. It waits while the client reads slowly.
public struct ResponseBodyWriter: Sendable {
    private let sink: any ResponseBodySink

    package init(_ sink: any ResponseBodySink) {
        self.sink = sink
    }

    /// Sends `bytes`, and returns when the connection accepts more.
    ///
    /// - Throws: The connection's error if the client has disconnected. The handler should then return.
    public func write(_ bytes: Bytes) async throws {
        try await sink.write(bytes)
    }

    /// Sends `text` as UTF-8, and returns when the connection accepts more.
    public func write(_ text: String) async throws {
        try await sink.write(Bytes(text))
    }
}

/// An error with a response status. The server sends the status, and the error's description if the status is below
/// 500. It only logs the descriptions of other errors.
public protocol HTTPStatusError: Error, CustomStringConvertible {
    /// The status of the response.
    var status: HTTPStatus { get }
}

extension ThreadPoolError: HTTPStatusError {
    /// 503: the client may try again.
    public var status: HTTPStatus { .serviceUnavailable }
}

/// An error that ends a handler with a status, such as `throw HTTPError(.notFound, "There is no such room.")`; Django's
/// `Http404`.
public struct HTTPError: HTTPStatusError, Hashable {
    /// The status of the response.
    public let status: HTTPStatus
    /// The text of the response. The client sees it if the status is below 500.
    public let description: String

    /// Creates the error. The default description is the status' reason phrase.
    public init(_ status: HTTPStatus, _ description: String? = nil) {
        self.status = status
        self.description = description ?? status.reasonPhrase
    }
}
