internal import StraitCore
internal import Synchronization

/// A backend that delivers messages; Django's `EMAIL_BACKEND`.
///
/// ``Mailer`` calls it on a thread of the site's `ThreadPool`, so it may block.
public protocol EmailBackend: Sendable {
    /// Delivers messages in order.
    ///
    /// - Throws: ``MailError`` for the first message that cannot be delivered. Later ones are not sent.
    func send(_ messages: [EncodedEmail]) throws
}

/// Writes messages to standard output; Django's `console` backend, for development.
public struct ConsoleEmailBackend: EmailBackend {
    private let write: @Sendable (String) -> Void

    /// Creates the backend.
    public init() { write = { LineOutput.standardOutput.writeWhole($0) } }

    /// Creates a backend that passes its text to a closure.
    init(write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// Writes each message, followed by a line of hyphens.
    public func send(_ messages: [EncodedEmail]) throws {
        for message in messages { write(message.readableText + String(repeating: "-", count: 79)) }
    }
}

/// Keeps messages in memory; Django's `locmem` backend with its `outbox`, for tests.
public final class MemoryEmailBackend: EmailBackend {
    private let messages = Mutex<[EncodedEmail]>([])

    /// Creates the backend.
    public init() {}

    /// The messages so far, in order; Django's `mail.outbox`.
    public var outbox: [EncodedEmail] { messages.withLock { $0 } }

    /// Adds the messages to the outbox.
    public func send(_ messages: [EncodedEmail]) throws { self.messages.withLock { $0 += messages } }

    /// Removes all messages.
    public func removeAll() { messages.withLock { $0 = [] } }
}

/// Drops all messages; Django's `dummy` backend.
public struct DummyEmailBackend: EmailBackend {
    /// Creates the backend.
    public init() {}

    /// Does nothing.
    public func send(_ messages: [EncodedEmail]) throws {}
}
