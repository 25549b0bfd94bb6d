package import StraitNetwork

/// A command with its completion handler. Loop-bound.
package final class RedisCall {
    package let command: RedisCommand
    package let script: RedisScript?
    /// The time when the command fails if it has not been sent.
    package let deadline: Instant
    /// The time that the server has for its reply.
    package let patience: Duration
    private var answer: RedisConnection.Answer?

    init(
        _ command: RedisCommand, script: RedisScript?, deadline: Instant, patience: Duration,
        _ answer: @escaping RedisConnection.Answer
    ) {
        self.command = command
        self.script = script
        self.deadline = deadline
        self.patience = patience
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
    package func cancel() { finish(.failure(.cancelled)) }
}
