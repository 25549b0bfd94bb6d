import StraitHTTP

/// Why a communicator could not do what a test asked of it. The application goes on undisturbed: another attempt may
/// follow. In Channels a wait that took too long cancels the application.
public struct CommunicatorError: Error, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Code: Sendable, Hashable {
        /// Nothing came within the time limit.
        case timeout
        /// Nothing came, and nothing can: the application waits, and its manual clock stands.
        case idle
        /// The application did something else than what was waited for.
        case unexpectedOutput
        /// Nothing can come any more: the socket, or the response, is over.
        case ended
        /// The communicator was used before `connect()`, or connected twice.
        case misuse
        /// The handshake was refused.
        case refused
        /// No client could send this path or header.
        case badRequest
    }

    /// What kind of mistake it is.
    public let code: Code
    /// What happened, and what to do about it.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(timeout limit: Duration, _ purpose: String) {
        self.init(
            .timeout,
            "Nothing came within \(limit) while \(purpose) was waited for. The application was not disturbed; wait again, or give a longer timeout."
        )
    }

    init(idleWhile purpose: String) {
        self.init(
            .idle,
            "The application waits and its clock stands, so \(purpose) cannot come. Move the clock with advance(by:), or send what the application waits for."
        )
    }

    init(expected: String, but output: ConsumerOutput) {
        self.init(.unexpectedOutput, "Expected \(expected), but the consumer \(output).")
    }

    init(refused status: HTTPStatus, _ path: String) {
        self.init(
            .refused,
            "The handshake for \(path) was refused with \(status). See whether the path is routed to, and what connect() does."
        )
    }

    static func ended(_ purpose: String) -> CommunicatorError {
        CommunicatorError(.ended, "The socket is over, so \(purpose) cannot come.")
    }

    static let notConnected = CommunicatorError(.misuse, "There is no socket yet. Await connect() first.")
    static let notAccepted = CommunicatorError(
        .misuse, "The handshake was not accepted, so there is no socket. Look at what connect() returned.")
    static let connectedTwice = CommunicatorError(
        .misuse, "connect() was called twice. A communicator is one socket: make another one for the next.")
}
