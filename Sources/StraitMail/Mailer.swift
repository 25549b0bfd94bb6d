internal import FoundationEssentials
public import StraitCore
public import StraitWeb
internal import Synchronization

/// A service that sends mail, present in every site. `EMAIL_BACKEND` and the other `EMAIL_…` settings configure it.
///
/// ```swift
/// try await request.sendMail("Welcome", "Your account is ready.", to: ["ann@example.com"])
/// ```
public final class Mailer: Service {
    /// The backend that delivers messages.
    public let backend: any EmailBackend
    private let defaultSender: String
    private let serverSender: String
    private let admins: [String]
    private let subjectPrefix: String
    private let log: Log
    // A mail server that hangs must not occupy the site's other threads.
    private let threads = ThreadPool(name: "mail", threads: 4, queue: 256)
    private let later = Mutex(Later())

    /// The maximum number of calls to ``sendLater(_:)`` that run or wait. Further calls are dropped and logged.
    public static let mostLater = 1000

    /// The calls to `sendLater` that have not finished.
    private struct Later {
        var last: Task<Void, Never>?
        var count = 0
        var isStopping = false
    }

    /// Creates the mail service of a site.
    ///
    /// - Parameters:
    ///   - settings: The settings: `DEFAULT_FROM_EMAIL`, `SERVER_EMAIL`, `ADMINS`, `EMAIL_SUBJECT_PREFIX`, and those of
    ///     the backend.
    ///   - backend: The backend that delivers messages; nil for the one in the setting `EMAIL_BACKEND`.
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

    /// Sends messages in order, over one connection; Django's `send_messages`.
    ///
    /// All messages are checked before the first one is sent.
    ///
    /// - Throws: ``MailError`` if a message is invalid or cannot be delivered; `ThreadPoolError`.
    public func send(_ messages: [EmailMessage]) async throws {
        let now = Int(Date().timeIntervalSince1970)
        let encoded = try messages.map { try $0.encoded(defaultSender: defaultSender, now: now) }
        let backend = backend
        try await threads.run { try backend.send(encoded) }
    }

    /// Sends a message; Django's `EmailMessage.send`.
    ///
    /// - Throws: The errors of `send(_:)` for a list of messages.
    public func send(_ message: EmailMessage) async throws { try await send([message]) }

    /// Sends a message to the addresses in the setting `ADMINS`; Django's `mail_admins`. The subject begins with
    /// `EMAIL_SUBJECT_PREFIX`, and the sender is `SERVER_EMAIL`. Nothing is sent if `ADMINS` is empty.
    public func mailAdmins(_ subject: String, _ text: String, html: String? = nil) async throws {
        if admins.isEmpty { return }
        try await send(
            EmailMessage(subjectPrefix + subject, text, html: html, from: serverSender, to: admins))
    }

    /// Creates and sends messages in the background, so the response time does not depend on the mail server. Failures
    /// are logged. Calls run one after another.
    ///
    /// - Parameter messages: Returns the messages to send.
    public func sendLater(_ messages: @escaping @Sendable () async throws -> [EmailMessage]) {
        let isRefused = later.withLock { later in
            if later.count >= Self.mostLater || later.isStopping { return true }
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
        if isRefused { log.error("mail was dropped waiting=\(later.withLock { $0.count })") }
    }

    /// Waits until all messages passed to ``sendLater(_:)`` so far have been sent or have failed.
    public func drained() async { await later.withLock { $0.last }?.value }

    /// Waits up to five seconds for the messages passed to ``sendLater(_:)``, and logs the number of the others, which
    /// may be lost.
    public func stop() async {
        let isIdle = later.withLock { later in
            later.isStopping = true
            return later.count == 0
        }
        if !isIdle {
            let (ends, end) = AsyncStream<Void>.makeStream()
            let limit = Task {
                try? await Task.sleep(for: .seconds(5))
                end.finish()
            }
            Task { [self] in
                await drained()
                end.finish()
            }
            for await _ in ends {}
            limit.cancel()
        }
        let left = later.withLock { $0.count }
        if left > 0 { return log.error("mail may be lost, because the site stops waiting=\(left)") }
        await threads.stop()
    }

    /// The messages of a ``MemoryEmailBackend``, for tests; Django's `mail.outbox`. Empty for other backends.
    public var outbox: [EncodedEmail] { (backend as? MemoryEmailBackend)?.outbox ?? [] }
}

extension ServiceProvider {
    /// Sends one email to all recipients; Django's `send_mail`.
    ///
    /// ```swift
    /// try await request.sendMail("Welcome", "Your account is ready.", to: [user.email])
    /// ```
    ///
    /// - Parameters:
    ///   - subject: The subject, a single line.
    ///   - text: The plain text.
    ///   - recipients: The addresses of the recipients.
    ///   - sender: The address of the sender; nil for the setting `DEFAULT_FROM_EMAIL`.
    ///   - html: The same content as HTML.
    /// - Throws: `MailError` if the message is invalid or cannot be delivered; `ThreadPoolError`.
    public func sendMail(
        _ subject: String, _ text: String, to recipients: [String], from sender: String? = nil, html: String? = nil
    ) async throws {
        try await services.get(Mailer.self).send(
            EmailMessage(subject, text, html: html, from: sender, to: recipients))
    }
}
