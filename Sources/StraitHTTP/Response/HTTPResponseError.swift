/// Why a response could not be written.
package enum HTTPResponseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A field cannot be sent; nothing was written.
    case field(HTTPFieldError)
    /// More body was written than `Content-Length` announced; the surplus was not written.
    case bodyTooLong(by: Int)
    /// The response ended before the body that `Content-Length` announced; only closing the connection tells the
    /// client.
    case bodyTooShort(by: Int)

    package var description: String {
        switch self {
        case .field(let error): error.description
        case .bodyTooLong(let count): "The body is \(count) bytes longer than its Content-Length says."
        case .bodyTooShort(let count): "The body is \(count) bytes shorter than its Content-Length says."
        }
    }
}
