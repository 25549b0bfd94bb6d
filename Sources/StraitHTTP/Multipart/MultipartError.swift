/// Why a multipart body is refused, in words that say what to send instead.
public struct MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the request is answered with: 400 for what is malformed, 413 for what is past a limit.
    public let status: HTTPStatus
    /// What is wrong, safe to show to the client.
    public let description: String

    init(_ status: HTTPStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    private static func bad(_ description: String) -> MultipartError { MultipartError(.badRequest, description) }

    static let boundary = bad(
        "The Content-Type of a multipart body names a boundary of 1 to 70 characters: letters, digits, spaces and "
            + "'()+_,-./:=? (RFC 2046 §5.1.1). Let the browser or the client's library choose it.")
    static let truncated = bad(
        "The multipart body ends without its closing boundary: send all of it, up to '--boundary--'.")
    static let delimiter = bad(
        "A boundary in the multipart body is not the end of its line: it is followed by CRLF, and the last one by '--'."
    )
    static let headerLine = bad(
        "A header line of a part is not 'name: value' in UTF-8 without control characters, ended by CRLF.")
    static let disposition = bad(
        "A part's Content-Disposition cannot be read: it is 'form-data; name=\"…\"', perhaps with filename=\"…\", "
            + "each once.")
    static let parameterText = bad(
        "A part's Content-Disposition holds an extended parameter that is not UTF-8''percent-coded text (RFC 8187 §3.2)."
    )
    package static let combiningMarks = bad(
        "The form has a name or value with more than 30 combining marks in a row (Unicode UAX #15). Remove some of them."
    )
    static let control = bad("A part's name or file name holds a control character. Rename the file.")
    static func transferEncoding(_ name: String) -> MultipartError {
        bad(
            "A part has the Content-Transfer-Encoding \(name.debugDescription), which is not for HTTP (RFC 7578 §4.7). "
                + "Send the bytes as they are.")
    }
    static func charset(_ name: String) -> MultipartError {
        bad("The body is in \(name.debugDescription). Send it in UTF-8, or in ISO 8859-1.")
    }
    static let nested = bad(
        "A part is itself multipart, which is obsolete (RFC 7578 §4.3). Send several files as parts of the same name.")

    static func partHeader(_ limit: Int) -> MultipartError {
        bad("The header lines of a part are longer than \(limit) bytes. Give the file a shorter name.")
    }
    static func fields(_ limit: Int) -> MultipartError {
        MultipartError(.contentTooLarge, "The form has more than the \(limit) fields that are taken here. Send fewer.")
    }
    static func files(_ limit: Int) -> MultipartError {
        if limit == 0 {
            return MultipartError(.contentTooLarge, "The form takes no files. Send its fields alone.")
        }
        return MultipartError(
            .contentTooLarge, "The form has more than the \(limit) files that are taken at a time. Send fewer.")
    }
    static func fieldBytes(_ limit: Int) -> MultipartError {
        MultipartError(
            .contentTooLarge,
            "The form's fields hold more than the \(limit) bytes that are taken here. Send large data as a file.")
    }
}
