/// An error in an email or its delivery.
public struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// A header contains a line break or another control character; Django's `BadHeaderError`.
        case badHeader
        /// An address is not valid.
        case invalidAddress
        /// A mail setting is missing or invalid, or conflicts with another.
        case settings
        /// The site has not started its services.
        case notStarted
        /// The server cannot be reached, or closed the connection.
        case connection
        /// The server did not answer within `EMAIL_TIMEOUT`.
        case timeout
        /// The TLS connection failed, or the server does not support TLS.
        case tls
        /// The server does not accept the username or the password.
        case authentication
        /// The server does not accept the sender.
        case refusedSender
        /// The server does not accept a recipient. The message was not sent to any recipient.
        case refusedRecipient
        /// The server does not accept the message.
        case refusedMessage
        /// The message cannot be written to a file.
        case storage
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
