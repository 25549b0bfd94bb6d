internal import FoundationEssentials
public import StraitCore
public import StraitWeb
internal import Synchronization

/// The mail of a site, a service that every site has. `EMAIL_BACKEND` and the other settings `EMAIL_…` configure it.
///
/// ```swift
/// try await request.sendMail("Welcome", "Your account is ready.", to: ["ann@example.com"])
/// ```
public final class Mailer: Service {
    /// The way to deliver messages.
    public let backend: any EmailBackend
    private let defaultSender: String
    private let serverSender: String
    private let admins: [String]
    private let subjectPrefix: String
    private let log: Log
    private let threads = Mutex<ThreadPool?>(nil)
    private let later = Mutex(Later())

    /// The largest number of calls of ``sendLater(_:)`` that run or wait. Further calls are dropped and logged.
    public static let mostLater = 1000

    /// The calls of `sendLater` that have not ended.
    private struct Later {
        var last: Task<Void, Never>?
        var count = 0
    }

    /// Creates the mail of a site.
    ///
    /// - Parameters:
    ///   - settings: The settings: `DEFAULT_FROM_EMAIL`, `SERVER_EMAIL`, `ADMINS`, `EMAIL_SUBJECT_PREFIX`, and those of
    ///     the backend.
    ///   - backend: The way to deliver messages; nil for the setting `EMAIL_BACKEND`.
    ///   - log: The log for the failures of ``sendLater(_:)``.
    /// - Throws: ``MailError/Code/settings``.
    public init(
        _ settings: Settings, backend: (any EmailBackend)? = nil, log: Log = Log()
    ) throws(MailError) {
        self.log = log
        if let backend { self.backend = backend } else { self.backend = try EmailBackendName.backend(settings) }
        defaultSender = settings.defaultFromEmail
        serverSender = settings.serverEmail
        admins = settings.admins
        subjectPrefix = settings.emailSubjectPrefix
    }

    /// Finds the threads of the site.
    public func start(in services: Services) async throws {
        let pool = try services.get(ThreadPool.self)
        threads.withLock { $0 = pool }
    }

    /// Sends messages in order, over one connection; Django's `send_messages`.
    ///
    /// All messages are checked before the first one is sent.
    ///
    /// - Throws: ``MailError`` for a message that is not valid or cannot be delivered; `ThreadPoolError`.
    public func send(_ messages: [EmailMessage]) async throws {
        guard let pool = threads.withLock({ $0 }) else {
            throw MailError(
                .notStarted, "The site's mail has not been started. Start the site's services before mail is sent.")
        }
        let now = Int(Date().timeIntervalSince1970)
        let encoded = try messages.map { try $0.encoded(defaultSender: defaultSender, now: now) }
        let backend = backend
        try await pool.run { try backend.send(encoded) }
    }

    /// Sends a message; Django's `EmailMessage.send`.
    ///
    /// - Throws: The errors of `send(_:)` for a list of messages.
    public func send(_ message: EmailMessage) async throws { try await send([message]) }

    /// Sends a message to the addresses of the setting `ADMINS`; Django's `mail_admins`. The subject begins with
    /// `EMAIL_SUBJECT_PREFIX`, and the sender is `SERVER_EMAIL`. Nothing is sent if the setting is empty.
    public func mailAdmins(_ subject: String, _ text: String, html: String? = nil) async throws {
        if admins.isEmpty { return }
        try await send(
            EmailMessage(subjectPrefix + subject, text, html: html, from: serverSender, to: admins))
    }

    /// Makes and sends messages after the caller has gone on. So the time of a response does not depend on the mail
    /// server. A failure is logged. The calls run one after the other.
    ///
    /// - Parameter messages: Returns the messages.
    public func sendLater(_ messages: @escaping @Sendable () async throws -> [EmailMessage]) {
        let isFull = later.withLock { later in
            if later.count >= Self.mostLater { return true }
            let previous = later.last
            later.count += 1
            later.last = Task { [self] in
                await previous?.value
                do { try await send(try await messages()) } catch { log.error("mail was not sent error=\"\(error)\"") }
                self.later.withLock { later in
                    later.count -= 1
                    if later.count == 0 { later.last = nil }
                }
            }
            return false
        }
        if isFull { log.error("mail was dropped waiting=\(Self.mostLater)") }
    }

    /// Waits for the messages of ``sendLater(_:)`` so far.
    public func drained() async { await later.withLock { $0.last }?.value }

    /// Waits for the messages of ``sendLater(_:)``.
    public func stop() async { await drained() }

    /// The messages of a ``MemoryEmailBackend``, for tests; Django's `mail.outbox`. Empty for another backend.
    public var outbox: [EncodedEmail] { (backend as? MemoryEmailBackend)?.outbox ?? [] }
}

extension ServiceProvider {
    /// Sends a message to each recipient in one email; Django's `send_mail`.
    ///
    /// ```swift
    /// try await request.sendMail("Welcome", "Your account is ready.", to: [user.email])
    /// ```
    ///
    /// - Parameters:
    ///   - subject: The subject, in one line.
    ///   - text: The text.
    ///   - recipients: The addresses of the recipients.
    ///   - sender: The address of the sender; nil for the setting `DEFAULT_FROM_EMAIL`.
    ///   - html: The same content as HTML.
    /// - Throws: `MailError` for a message that is not valid or cannot be delivered; `ThreadPoolError`.
    public func sendMail(
        _ subject: String, _ text: String, to recipients: [String], from sender: String? = nil, html: String? = nil
    ) async throws {
        try await services.get(Mailer.self).send(
            EmailMessage(subject, text, html: html, from: sender, to: recipients))
    }
}
