/// An error in a multipart body. Its text says what the client should send instead.
public struct MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status of the response: 400 for malformed data, 413 for an exceeded limit.
    public let status: HTTPStatus
    /// The problem, in a text that is safe to show to the client.
    public let description: String

    init(_ status: HTTPStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    private static func bad(_ description: String) -> MultipartError { MultipartError(.badRequest, description) }

    static let boundary = bad(
        "The multipart Content-Type has no valid boundary. A boundary has 1 to 70 letters, digits, spaces and "
            + "'()+_,-./:=? (RFC 2046 §5.1.1). Let the browser or the client's library choose it.")
    static let truncated = bad(
        "The multipart body ends without its closing boundary: send all of it, up to '--boundary--'.")
    static let delimiter = bad(
        "A boundary in the multipart body has text after it. Send CRLF after a boundary, and '--' after the last one."
    )
    static let headerLine = bad(
        "A part has an invalid header line. Send 'name: value' in UTF-8 without control characters, ended by CRLF.")
    static let disposition = bad(
        "A part has an invalid Content-Disposition. Send 'form-data; name=\"…\"', optionally with filename=\"…\", "
            + "each once.")
    static let parameterText = bad(
        """
        A part's Content-Disposition has an invalid extended parameter. Send UTF-8''percent-encoded text \
        (RFC 8187 §3.2).
        """
    )
    package static let combiningMarks = bad(
        """
        The form has a name or value with more than 30 combining marks in a row (Unicode UAX #15). Remove some of \
        them.
        """
    )
    static let control = bad("A part's name or file name contains a control character. Rename the file.")
    static func transferEncoding(_ name: String) -> MultipartError {
        bad(
            "A part has the Content-Transfer-Encoding \(name.debugDescription), which HTTP does not use "
                + "(RFC 7578 §4.7). Send the bytes unencoded.")
    }
    static func charset(_ name: String) -> MultipartError {
        bad("The body's encoding \(name.debugDescription) is not supported. Send UTF-8 or ISO 8859-1.")
    }
    static let nested = bad(
        "A part is itself multipart, which is obsolete (RFC 7578 §4.3). Send several files as parts of the same name.")

    static func partHeader(_ limit: Int) -> MultipartError {
        bad("The header lines of a part are longer than \(limit) bytes. Give the file a shorter name.")
    }
    static func fields(_ limit: Int) -> MultipartError {
        MultipartError(.contentTooLarge, "The form has more fields than the limit of \(limit). Send fewer.")
    }
    static func files(_ limit: Int) -> MultipartError {
        if limit == 0 {
            return MultipartError(.contentTooLarge, "The form accepts no files. Send only its fields.")
        }
        return MultipartError(
            .contentTooLarge, "The form has more files than the limit of \(limit). Send fewer at a time.")
    }
    static func fieldBytes(_ limit: Int) -> MultipartError {
        MultipartError(
            .contentTooLarge,
            "The form's fields are larger than the limit of \(limit) bytes. Send large data as a file.")
    }
}
