internal import CCurl
internal import Synchronization

/// The error for a message that was not sent: the step that failed, the server's answer, and advice.
struct SMTPFailure {
    private let backend: SMTPEmailBackend
    private let command: String
    private let answer: String

    init(_ backend: SMTPEmailBackend, _ transfer: SMTPTransfer) {
        self.backend = backend
        (command, answer) = transfer.state.withLock { ($0.command, $0.answer) }
    }

    private var server: String { "The mail server \(backend.host):\(backend.port)" }

    /// The server's last line in quotes, with a space for each control character.
    private var shown: String {
        let scalars = answer.unicodeScalars.prefix(300).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return "\"" + String(String.UnicodeScalarView(scalars)) + "\""
    }

    /// Whether the server's last line is a rejection: a reply code that begins with 4 or 5.
    private var isRefusal: Bool { answer.utf8.first == UInt8(ascii: "4") || answer.utf8.first == UInt8(ascii: "5") }

    func error(_ code: CURLcode) -> MailError {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            MailError(.connection, "No address was found for the mail server '\(backend.host)'. Correct EMAIL_HOST.")
        case CURLE_COULDNT_CONNECT:
            MailError(
                .connection,
                "\(server) does not accept connections. Start it, or correct EMAIL_HOST and EMAIL_PORT.")
        case CURLE_OPERATION_TIMEDOUT:
            MailError(
                .timeout,
                "\(server) did not answer within \(backend.timeout). Check EMAIL_HOST and EMAIL_PORT, and that "
                    + "EMAIL_USE_SSL is set only for a port with TLS; or set a longer EMAIL_TIMEOUT.")
        case CURLE_LOGIN_DENIED:
            MailError(
                .authentication,
                "\(server) does not accept the user '\(backend.user)' with this password: \(shown). Correct "
                    + "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD.")
        case CURLE_USE_SSL_FAILED:
            MailError(
                .tls,
                "\(server) does not support STARTTLS. Unset EMAIL_USE_TLS, or set EMAIL_USE_SSL and the TLS port, "
                    + "usually 465.")
        case CURLE_PEER_FAILED_VERIFICATION:
            MailError(
                .tls,
                "The certificate of the mail server \(backend.host):\(backend.port) is not valid for this name or "
                    + "not trusted. Set EMAIL_HOST to the name in the certificate, or install the certificate of "
                    + "its authority.")
        case CURLE_SSL_CONNECT_ERROR:
            MailError(
                .tls,
                "\(server) did not complete the TLS handshake. Set EMAIL_USE_TLS for STARTTLS, usually on port 587, or "
                    + "EMAIL_USE_SSL for port 465.")
        default: refusal(code)
        }
    }

    private func refusal(_ code: CURLcode) -> MailError {
        guard isRefusal else {
            // SAFETY: libcurl returns a constant string.
            let text = unsafe String(cString: curl_easy_strerror(code))
            return MailError(
                .connection, "The connection to \(backend.host):\(backend.port) failed: \(text). Try again later.")
        }
        if command.hasPrefix("RCPT") {
            let address = command.split(separator: "<").last?.split(separator: ">").first ?? ""
            return MailError(
                .refusedRecipient,
                "\(server) does not accept the recipient \(address): \(shown). Correct the address. The message was "
                    + "not sent to any recipient.")
        }
        if command.hasPrefix("MAIL") {
            return MailError(
                .refusedSender,
                "\(server) does not accept the sender: \(shown). Correct DEFAULT_FROM_EMAIL, or set EMAIL_HOST_USER "
                    + "if the server requires a login.")
        }
        return MailError(
            .refusedMessage,
            "\(server) does not accept the message: \(shown). Correct it, or ask the server's operator.")
    }
}
