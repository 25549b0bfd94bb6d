public import StraitHTTP
public import StraitRouting

/// Why a request's body is not taken, with the status that answers it.
public enum FormError: HTTPStatusError, Hashable {
    /// The body's type is none that is read here: 415.
    case unsupportedType(String?)
    /// The body's text is not in UTF-8: 400.
    case charset(String)
    /// The body is not what its type says, or past a limit of its parts: 400 or 413.
    case malformed(MultipartError)
    /// More bytes than are taken: 413.
    case tooLarge(limit: Int)
    /// More bytes of files than are taken: 413.
    case filesTooLarge(limit: Int)
    /// The fields or the JSON do not fit the type that they are read as: 400.
    case undecodable(String)
    /// Two tasks read the body at a time: 500.
    case secondReader
    /// The body was handed out part by part, and there is no whole any more: 500.
    case handedOut
    /// The plain bytes of a body are asked for whose form was read: 500.
    case alreadyRead
    /// A file is asked for its bytes after the part behind it was: 500.
    case passed(String)
    /// The disk did not take a file: 500.
    case disk(String)

    /// What the request is answered with; the text of those from 500 on stays in the log.
    public var status: HTTPStatus {
        switch self {
        case .unsupportedType: .unsupportedMediaType
        case .charset, .undecodable: .badRequest
        case .malformed(let error): error.status
        case .tooLarge, .filesTooLarge: .contentTooLarge
        case .secondReader, .handedOut, .alreadyRead, .passed, .disk: .internalServerError
        }
    }

    public var description: String {
        switch self {
        case .unsupportedType(let type):
            "A body of type \(type.map(\.debugDescription) ?? "(none)") is not read here. Send a form "
                + "(application/x-www-form-urlencoded or multipart/form-data) or, where it is taken, application/json."
        case .charset(let charset):
            "The body is in \(charset.debugDescription). Send it in UTF-8."
        case .malformed(let error): error.description
        case .tooLarge(let limit):
            "The body is larger than the \(limit) bytes that are taken here. Send less, or large data as a file."
        case .filesTooLarge(let limit):
            "The files are larger than the \(limit) bytes that are taken here. Send smaller ones."
        case .undecodable(let reason): reason
        case .secondReader:
            "The form is read by another task already. Read it in one task, and pass on from there what came."
        case .handedOut:
            "The body was handed out with parts(), so its form is not kept. Use either parts() or form()."
        case .alreadyRead:
            "The body was read as a form, for its CSRF token. Use form() or parts(), send the token in the header "
                + "X-CSRFToken, or put a CSRFExempt around the route."
        case .passed(let name):
            "The bytes of the file '\(name)' are gone: the part behind it was asked for. Read each file before the next part."
        case .disk(let reason): reason
        }
    }
}
