package import StraitCore
import StraitCrypto

/// A command with its completion handler. Loop-bound.
package final class RedisCall {
    package let command: RedisCommand
    package let script: RedisScript?
    /// The time when the command fails if it has not been sent.
    package let deadline: Instant
    /// The time that the server has for its reply.
    package let replyTimeout: Duration
    private var answer: RedisConnection.Answer?
    /// The link that queues the call until it has a connection; nil if the call is not queued.
    weak var queue: RedisLink?

    init(
        _ command: RedisCommand, script: RedisScript?, deadline: Instant, replyTimeout: Duration,
        _ answer: @escaping RedisConnection.Answer
    ) {
        self.command = command
        self.script = script
        self.deadline = deadline
        self.replyTimeout = replyTimeout
        self.answer = answer
    }

    /// Whether the caller still waits for the reply.
    package var isOpen: Bool { answer != nil }

    /// Passes the reply to the completion handler. Only the first call has an effect.
    func finish(_ result: Result<RedisValue, RedisFailure>) {
        guard let answer else { return }
        self.answer = nil
        answer(result)
    }

    /// Cancels the call. If the command has not been sent, it never is. If it has, its reply is ignored.
    package func cancel() {
        guard isOpen else { return }
        finish(.failure(.cancelled))
        queue?.cancelled(self)
    }
}

/// A Lua script that Redis runs atomically. Redis caches it under its hash after the first run.
package struct RedisScript: Sendable {
    private let source: String
    private let hash: String

    package init(_ source: String) {
        self.source = source
        hash = Self.hash(source)
    }

    /// Returns the SHA-1 of a text as 40 hexadecimal digits.
    static func hash(_ text: String) -> String {
        SHA1.hash(Bytes(text).span).hexadecimal
    }

    /// Returns the command that runs the cached script.
    package func command(keys: [String], _ arguments: [RedisArgument]) -> RedisCommand {
        RedisCommand("EVALSHA", [.string(hash), .integer(keys.count)] + keys.map(RedisArgument.string) + arguments)
    }

    /// Returns the command that runs the script from its source, for servers that replied `NOSCRIPT` to `command`.
    package func wholeCommand(for command: RedisCommand) -> RedisCommand {
        RedisCommand("EVAL", [.string(source)] + command.arguments.dropFirst())
    }
}

/// The reason that a command has no result.
package enum RedisFailure: Error, Hashable, Sendable {
    /// The command was not sent: there was no connection in time.
    case unavailable(String)
    /// The connection was lost after the command was sent and before the reply. Redis may or may not have run the
    /// command.
    case lost(String)
    /// Redis replied with an error.
    case refused(RedisServerError)
    /// Too many bytes of commands wait for a connection.
    case overloaded(String)
    /// The caller cancelled the command.
    case cancelled
}

extension RedisFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let text), .lost(let text), .overloaded(let text): text
        case .refused(let error): error.description
        case .cancelled: "The command was cancelled."
        }
    }
}
