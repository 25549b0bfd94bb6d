/// Sends messages to a mail server; Django's `smtp` backend. It uses libcurl for the protocol, TLS and authentication.
///
/// All messages of one call share a connection.
public struct SMTPEmailBackend: EmailBackend {
    /// The encryption of the connection.
    public enum Security: Sendable, Hashable {
        /// No encryption, for a server on the same machine.
        case none
        /// A connection that `STARTTLS` upgrades to TLS; Django's `EMAIL_USE_TLS`. Sending fails if the server does not
        /// support it.
        case startTLS
        /// A connection that is encrypted from the start; Django's `EMAIL_USE_SSL`.
        case tls
    }

    /// The name or the address of the server; Django's `EMAIL_HOST`.
    public var host = "localhost"
    /// The port of the server; Django's `EMAIL_PORT`.
    public var port = 25
    /// The username; Django's `EMAIL_HOST_USER`. Empty for a server without authentication.
    public var user = ""
    /// The password; Django's `EMAIL_HOST_PASSWORD`.
    public var password = ""
    /// The encryption of the connection.
    public var security = Security.none
    /// The time limit for a message, from the connection to the server's answer; Django's `EMAIL_TIMEOUT`.
    public var timeout = Duration.seconds(30)
    /// A file with the certificates of trusted authorities; nil for the system's.
    public var certificateAuthorities: String?

    /// Creates the backend for a server on this machine.
    public init() {}

    /// Sends the messages in order. A message without recipients is skipped, as in Django.
    ///
    /// - Throws: ``MailError`` with the server's answer. If the server rejects a recipient, the message is not sent to
    ///   any recipient.
    public func send(_ messages: [EncodedEmail]) throws {
        let messages = messages.filter { !$0.recipients.isEmpty }
        if messages.isEmpty { return }
        let connection = try SMTPConnection(self)
        for message in messages { try connection.send(message) }
    }
}

extension SMTPEmailBackend: CustomStringConvertible {
    /// The server and the user, without the password.
    public var description: String { (user.isEmpty ? "" : user + "@") + "\(host):\(port)" }
}
