/// A response's status code, with its reason phrase (RFC 9110 §15).
public struct HTTPStatus: Hashable, Sendable {
    /// The code, 100...999.
    public let code: Int

    /// Creates a status.
    ///
    /// - Precondition: `code` has three digits, 100...999.
    public init(_ code: Int) {
        precondition(code >= 100 && code <= 999, "A status code has three digits: \(code)")
        self.code = code
    }

    /// 101: the connection changes its protocol, for example to WebSocket.
    public static let switchingProtocols = HTTPStatus(101)
    /// 200: the request succeeded.
    public static let ok = HTTPStatus(200)
    /// 201: the request created a resource.
    public static let created = HTTPStatus(201)
    /// 202: the server accepted the request and processes it later.
    public static let accepted = HTTPStatus(202)
    /// 204: the request succeeded, and the response has no body.
    public static let noContent = HTTPStatus(204)
    /// 206: the body is the requested range.
    public static let partialContent = HTTPStatus(206)
    /// 301: the resource has a new URL. Clients may change `POST` to `GET`.
    public static let movedPermanently = HTTPStatus(301)
    /// 302: the resource is temporarily at another URL. Clients may change `POST` to `GET`.
    public static let found = HTTPStatus(302)
    /// 303: the client should `GET` another URL, for example after a form.
    public static let seeOther = HTTPStatus(303)
    /// 304: the client's copy is up to date.
    public static let notModified = HTTPStatus(304)
    /// 307: the resource is temporarily at another URL. Clients keep the method and the body.
    public static let temporaryRedirect = HTTPStatus(307)
    /// 308: the resource has a new URL. Clients keep the method and the body.
    public static let permanentRedirect = HTTPStatus(308)
    /// 400: the request is malformed.
    public static let badRequest = HTTPStatus(400)
    /// 401: the request has no valid credentials.
    public static let unauthorized = HTTPStatus(401)
    /// 403: the client may not do this.
    public static let forbidden = HTTPStatus(403)
    /// 404: the resource does not exist.
    public static let notFound = HTTPStatus(404)
    /// 405: the resource does not support the method. `Allow` lists those that it supports.
    public static let methodNotAllowed = HTTPStatus(405)
    /// 408: the request did not arrive in time.
    public static let requestTimeout = HTTPStatus(408)
    /// 409: the request conflicts with the state of the resource.
    public static let conflict = HTTPStatus(409)
    /// 410: the resource was removed for good.
    public static let gone = HTTPStatus(410)
    /// 411: the request needs a `Content-Length`.
    public static let lengthRequired = HTTPStatus(411)
    /// 412: a condition in the request's headers is not met.
    public static let preconditionFailed = HTTPStatus(412)
    /// 413: the body is too large.
    public static let contentTooLarge = HTTPStatus(413)
    /// 414: the request target is too long.
    public static let uriTooLong = HTTPStatus(414)
    /// 415: the server does not support the body's media type or encoding.
    public static let unsupportedMediaType = HTTPStatus(415)
    /// 416: the resource does not have the requested range.
    public static let rangeNotSatisfiable = HTTPStatus(416)
    /// 417: the server cannot meet the request's `Expect` header.
    public static let expectationFailed = HTTPStatus(417)
    /// 422: the body is well-formed, but its content is invalid.
    public static let unprocessableContent = HTTPStatus(422)
    /// 426: the client must use the protocol in `Upgrade`.
    public static let upgradeRequired = HTTPStatus(426)
    /// 429: the client sent too many requests. `Retry-After` may say when to retry.
    public static let tooManyRequests = HTTPStatus(429)
    /// 431: the headers are too large.
    public static let headerFieldsTooLarge = HTTPStatus(431)
    /// 500: the server failed.
    public static let internalServerError = HTTPStatus(500)
    /// 501: the server does not support this feature or method.
    public static let notImplemented = HTTPStatus(501)
    /// 502: a gateway received an invalid response from its upstream server.
    public static let badGateway = HTTPStatus(502)
    /// 503: the server is overloaded or under maintenance.
    public static let serviceUnavailable = HTTPStatus(503)
    /// 504: a gateway received no response from its upstream server in time.
    public static let gatewayTimeout = HTTPStatus(504)
    /// 505: the server does not support the request's HTTP version.
    public static let versionNotSupported = HTTPStatus(505)

    /// Whether a response with this status has no body, regardless of its headers (RFC 9112 §6.3).
    public var forbidsBody: Bool {
        code < 200 || code == 204 || code == 304
    }

    /// The standard reason phrase; empty for an unknown code.
    public var reasonPhrase: String {
        switch code {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 102: "Processing"
        case 103: "Early Hints"
        case 104: "Upload Resumption Supported"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 424: "Failed Dependency"
        case 425: "Too Early"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        case 511: "Network Authentication Required"
        default: ""
        }
    }
}

extension HTTPStatus: ExpressibleByIntegerLiteral {
    /// Creates a status from a literal of its code.
    public init(integerLiteral code: Int) {
        self.init(code)
    }
}

extension HTTPStatus: CustomStringConvertible {
    /// The code and its reason phrase: `404 Not Found`.
    public var description: String {
        reasonPhrase.isEmpty ? String(code) : "\(code) \(reasonPhrase)"
    }
}
