/// Why a request is refused, with the status to answer before the connection is closed: after such an error nobody can
/// say where the next request would begin.
package struct HTTPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    package let status: HTTPStatus
    /// What is wrong, in words that are safe to show to the client.
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
    static let target = bad("The request target holds a character that has to be percent-coded.")
    static let targetForm = bad("The request target's form does not fit the method.")
    static let percent = bad("The path's percent-coding is not valid UTF-8 text without NUL.")
    static let combiningMarks = bad(
        "The request holds more than 30 combining marks in a row (Unicode UAX #15, Stream-Safe Text Format).")
    static let version = HTTPParseError(.versionNotSupported, "Only HTTP/1.0 and HTTP/1.1 are understood here.")
    static let emptyLines = bad("Too many empty lines come before the request line.")
    static let fieldsTooLarge = HTTPParseError(.headerFieldsTooLarge, "The header fields are too large.")
    static let tooManyFields = HTTPParseError(.headerFieldsTooLarge, "There are too many header fields.")
    static let folded = bad("A header line begins with white space; folded lines are obsolete.")
    static let fieldName = bad("A header field's name is not a token directly followed by a colon.")
    static let fieldValue = bad("A header field's value holds a control character.")
    static let contentLength = bad("Content-Length is not one number.")
    static let bothFramings = bad("Content-Length and Transfer-Encoding exclude each other.")
    static let codingOnOldVersion = bad("HTTP/1.0 has no Transfer-Encoding.")
    static let codingNotFinal = bad("The last transfer coding has to be chunked, and it may come once.")
    static let codingUnknown = HTTPParseError(.notImplemented, "The only transfer coding understood here is chunked.")
    static let host = bad("HTTP/1.1 asks for exactly one valid Host field.")
    static let bodyTooLarge = HTTPParseError(.contentTooLarge, "The body is too large.")
    static let chunkLine = bad("A chunk's line is not a hexadecimal size with short extensions.")
    static let chunkEnd = bad("A chunk's data is not followed by CRLF.")
}
