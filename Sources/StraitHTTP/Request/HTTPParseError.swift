/// An error in a request, with the status of the response. The connection must be closed after it, because the start of
/// the next request is unknown.
package struct HTTPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    package let status: HTTPStatus
    /// The problem, in a text that is safe to show to the client.
    package let reason: String

    package init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    package var description: String { "\(status): \(reason)" }

    static func bad(_ reason: String) -> HTTPParseError { HTTPParseError(.badRequest, reason) }

    static let bareLineFeed = bad("A line ends in LF without CR.")
    static let requestLineTooLong = HTTPParseError(.uriTooLong, "The request line is too long.")
    static let requestLine = bad("The request line is not 'method target HTTP/version'.")
    static let tls = bad(
        "The client speaks TLS, and this port does not. Use http:// or ws://, or a proxy that terminates TLS.")
    static let method = bad("The method is not a token.")
    static let target = bad("The request target contains a character that must be percent-encoded.")
    static let targetForm = bad("The request target's form does not fit the method.")
    static let percent = bad("The percent-decoded path is not valid UTF-8, or contains NUL.")
    static let combiningMarks = bad(
        "The request contains more than 30 combining marks in a row (Unicode UAX #15, Stream-Safe Text Format).")
    static let version = HTTPParseError(.versionNotSupported, "Only HTTP/1.0 and HTTP/1.1 are supported.")
    static let emptyLines = bad("Too many empty lines before the request line.")
    static let fieldsTooLarge = HTTPParseError(.headerFieldsTooLarge, "The headers are too large.")
    static let tooManyFields = HTTPParseError(.headerFieldsTooLarge, "Too many headers.")
    static let folded = bad("A header line begins with white space; folded lines are obsolete.")
    static let fieldName = bad("A header's name is not a token directly followed by a colon.")
    static let fieldValue = bad("A header's value contains a control character.")
    static let contentLength = bad("Content-Length is not a single number.")
    static let bothFramings = bad("Content-Length and Transfer-Encoding exclude each other.")
    static let codingOnOldVersion = bad("HTTP/1.0 has no Transfer-Encoding.")
    static let codingNotFinal = bad("Transfer-Encoding must end with 'chunked', exactly once.")
    static let codingUnknown = HTTPParseError(.notImplemented, "The only supported transfer coding is chunked.")
    static let host = bad("HTTP/1.1 requires exactly one valid Host header.")
    static let bodyTooLarge = HTTPParseError(.contentTooLarge, "The body is too large.")
    static let chunkLine = bad("A chunk's line is not a hexadecimal size with short extensions.")
    static let chunkEnd = bad("A chunk's data is not followed by CRLF.")
}
