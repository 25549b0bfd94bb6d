public import StraitHTTP

/// An error in reading a request's body, with the status of the response.
public enum FormError: HTTPStatusError, Hashable {
    /// The body has a type that is not accepted: 415.
    case unsupportedType(String?)
    /// The body's text is not UTF-8: 400.
    case charset(String)
    /// The body does not match its type, or exceeds a limit of its parts: 400 or 413.
    case malformed(MultipartError)
    /// The body exceeds the limit in bytes: 413.
    case tooLarge(limit: Int)
    /// The files exceed the limit in bytes: 413.
    case filesTooLarge(limit: Int)
    /// The fields or the JSON do not match the type to decode: 400.
    case undecodable(String)
    /// Two tasks read the body at the same time: 500.
    case secondReader
    /// The whole form was requested after its parts had been: 500.
    case partsRequested
    /// The body's bytes were requested after it was read as a form: 500.
    case alreadyRead
    /// A file's bytes were requested after the next part had been: 500.
    case passed(String)
    /// The file system reported an error: 500.
    case disk(String)

    /// The status of the response. The text of a 500 is only logged.
    public var status: HTTPStatus {
        switch self {
        case .unsupportedType: .unsupportedMediaType
        case .charset, .undecodable: .badRequest
        case .malformed(let error): error.status
        case .tooLarge, .filesTooLarge: .contentTooLarge
        case .secondReader, .partsRequested, .alreadyRead, .passed, .disk: .internalServerError
        }
    }

    /// The problem and the remedy.
    public var description: String {
        switch self {
        case .unsupportedType(let type):
            "A body of type \(type.map(\.debugDescription) ?? "(none)") is not accepted here. Send a form "
                + "(application/x-www-form-urlencoded or multipart/form-data) or, if it is accepted, application/json."
        case .charset(let charset):
            "The body is in \(charset.debugDescription). Send it in UTF-8."
        case .malformed(let error): error.description
        case .tooLarge(let limit):
            "The body is larger than the limit of \(limit) bytes. Send less, or send large data as a file."
        case .filesTooLarge(let limit):
            "The files are larger than the limit of \(limit) bytes. Send smaller ones."
        case .undecodable(let reason): reason
        case .secondReader:
            "Another task is reading the form already. Read it in one task, and share the result."
        case .partsRequested:
            "The body was read with parts(), so its form was not kept. Use either parts() or form()."
        case .alreadyRead:
            "The body was read as a form, for its CSRF token. Use form() or parts(), send the token in the header "
                + "X-CSRFToken, or put a CSRFExempt around the route."
        case .passed(let name):
            """
            The file '\(name)' can no longer be read: the next part was requested already. Read each file before the \
            next part.
            """
        case .disk(let reason): reason
        }
    }
}
