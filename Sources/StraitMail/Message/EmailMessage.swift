internal import StraitCore

/// An email; Django's `EmailMessage` and `EmailMultiAlternatives`.
///
/// ```swift
/// var message = EmailMessage("Your ticket", "The ferry leaves at 9.", to: ["Ann <ann@example.com>"])
/// message.html = "<p>The ferry leaves at <b>9</b>.</p>"
/// try await request.services.get(Mailer.self).send(message)
/// ```
///
/// An address is written `ann@example.com` or `Ann <ann@example.com>`. Names and subjects may contain characters of
/// any script.
public struct EmailMessage: Sendable, Hashable {
    /// The subject, a single line.
    public var subject: String
    /// The plain text.
    public var body: String
    /// The same content as HTML; nil for a text-only message.
    public var html: String?
    /// The address of the sender; nil for the setting `DEFAULT_FROM_EMAIL`.
    public var from: String?
    /// The addresses of the recipients.
    public var to: [String]
    /// The addresses that receive a copy.
    public var cc: [String]
    /// The addresses of further recipients, which no header contains.
    public var bcc: [String]
    /// The addresses for replies.
    public var replyTo: [String]
    /// Additional headers by name. `Message-ID`, `Date` and `From` replace the default ones.
    public var headers: [String: String]

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - subject: The subject, a single line.
    ///   - body: The plain text.
    ///   - html: The same content as HTML; nil for a text-only message.
    ///   - from: The address of the sender; nil for the setting `DEFAULT_FROM_EMAIL`.
    ///   - to: The addresses of the recipients.
    ///   - cc: The addresses that receive a copy.
    ///   - bcc: The addresses of further recipients, which no header contains.
    ///   - replyTo: The addresses for replies.
    ///   - headers: Additional headers by name.
    public init(
        _ subject: String = "", _ body: String = "", html: String? = nil, from: String? = nil, to: [String] = [],
        cc: [String] = [], bcc: [String] = [], replyTo: [String] = [], headers: [String: String] = [:]
    ) {
        self.subject = subject
        self.body = body
        self.html = html
        self.from = from
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.replyTo = replyTo
        self.headers = headers
    }

    /// All recipients: `to`, `cc` and `bcc`.
    public var recipients: [String] { to + cc + bcc }
}

/// A message encoded for mail servers (RFC 5322), with the addresses of its envelope.
public struct EncodedEmail: Sendable, Hashable {
    /// The message that was encoded.
    public let message: EmailMessage
    /// The envelope's sender address, without a name.
    public let sender: String
    /// The envelope's recipient addresses, without names.
    public let recipients: [String]
    /// The headers and the body in ASCII. Lines end with CRLF and have at most 998 bytes.
    public let text: String

    /// The message for consoles and files, with Unix line endings. The body is UTF-8, so that links are not split.
    let readableText: String
}
