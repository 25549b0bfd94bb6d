/// An error that the application threw while a communicator drove it, in a router, a handler or a background task.
///
/// Communicators throw it once, in order with the consumer's outputs; Channels also raises an application's exceptions.
/// The server's reaction, a refusal with 500 or a close with 1011, follows it.
public struct ApplicationFailure: Error, Sendable, CustomStringConvertible {
    /// The error that the application threw.
    public let error: any Error
    /// The path of the request.
    public let path: String

    init(_ error: any Error, at path: String) {
        self.error = error
        self.path = path
    }

    /// The path and the error.
    public var description: String { "The application failed at \(path): \(error)" }
}
