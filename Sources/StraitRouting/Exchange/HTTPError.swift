public import StraitHTTP

/// An error with a response status. The server sends the status, and the error's description if the status is below
/// 500. It only logs the descriptions of other errors.
public protocol HTTPStatusError: Error, CustomStringConvertible {
    /// The status of the response.
    var status: HTTPStatus { get }
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
