/// An error while writing a response.
package enum HTTPResponseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A header is invalid. Nothing was written.
    case field(HTTPFieldError)
    /// The body is longer than its `Content-Length`. The surplus was not written.
    case bodyTooLong(by: Int)
    /// The body is shorter than its `Content-Length`. The connection must be closed, so that the client notices.
    case bodyTooShort(by: Int)

    package var description: String {
        switch self {
        case .field(let error): error.description
        case .bodyTooLong(let count): "The body is \(count) bytes longer than its Content-Length says."
        case .bodyTooShort(let count): "The body is \(count) bytes shorter than its Content-Length says."
        }
    }
}
