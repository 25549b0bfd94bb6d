public import StraitHTTP

/// An error that says how it is to be answered. The server sends the status with the error's description where the
/// status is below 500; the descriptions of other errors stay in the log.
public protocol HTTPStatusError: Error, CustomStringConvertible {
    var status: HTTPStatus { get }
}

/// Ends a handler with a status: `throw HTTPError(.notFound, "There is no such room.")`; Django's `Http404` and its
/// kin.
public struct HTTPError: HTTPStatusError, Hashable {
    public let status: HTTPStatus
    /// What is safe to show to the client.
    public let description: String

    public init(_ status: HTTPStatus, _ description: String? = nil) {
        self.status = status
        self.description = description ?? status.reasonPhrase
    }
}
