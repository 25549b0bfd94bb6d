import StraitHTTP

/// An error of a communicator's call, such as a timeout. The application continues to run, and the test may retry. In
/// Channels, a timeout cancels the application.
public struct CommunicatorError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Sendable, Hashable {
        /// No output arrived within the timeout.
        case timeout
        /// No output can arrive: the application is idle, and its manual clock is stopped.
        case idle
        /// The consumer produced a different output than the test expected.
        case unexpectedOutput
        /// No more output can arrive: the socket or the response has ended.
        case ended
        /// The communicator was used before `connect()`, or connected twice.
        case misuse
        /// The handshake was refused.
        case refused
        /// The path or a header is invalid, so no client could send it.
        case badRequest
    }

    /// The kind of error.
    public let code: Code
    /// The event, and the way to resolve it.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(timeout limit: Duration, _ purpose: String) {
        self.init(
            .timeout,
            "Timed out after \(limit) while waiting for \(purpose). The application is still running: wait again, or "
                + "use a longer timeout.")
    }

    init(idleWhile purpose: String) {
        self.init(
            .idle,
            "The application is idle and its clock is stopped, so \(purpose) cannot arrive. Move the clock with "
                + "advance(by:), or send what the application waits for.")
    }

    init(expected: String, but output: ConsumerOutput) {
        self.init(.unexpectedOutput, "Expected \(expected), but the consumer \(output).")
    }

    init(refused status: HTTPStatus, _ path: String) {
        self.init(
            .refused,
            "The handshake for \(path) was refused with \(status). Check the path's route and the consumer's "
                + "connect().")
    }

    static func ended(_ purpose: String) -> CommunicatorError {
        CommunicatorError(.ended, "The socket has ended, so \(purpose) cannot arrive.")
    }

    static let notConnected = CommunicatorError(.misuse, "There is no socket yet. Await connect() first.")
    static let notAccepted = CommunicatorError(
        .misuse, "The handshake was not accepted, so there is no socket. Check the result of connect().")
    static let connectedTwice = CommunicatorError(
        .misuse, "connect() was called twice. Create a communicator for each socket.")
}
