/// The application threw an error while a communicator drove it: a router, a handler of the consumer, its background
/// work. It is raised once, in its place among what the application did; what the server makes of it, a refusal with 500
/// or a close with 1011, comes after it. Channels raises an application's exceptions out of the communicator too.
public struct ApplicationFailure: Error, Sendable, CustomStringConvertible {
    /// What was thrown.
    public let error: any Error
    /// The path that the application was asked for.
    public let path: String

    init(_ error: any Error, at path: String) {
        self.error = error
        self.path = path
    }

    /// The path and the error.
    public var description: String { "The application failed at \(path): \(error)" }
}
