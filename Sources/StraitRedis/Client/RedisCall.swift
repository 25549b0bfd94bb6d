package import StraitNetwork

/// One command of ours on its way, and who is told the reply. Loop-bound.
package final class RedisCall {
    package let command: RedisCommand
    package let script: RedisScript?
    /// When it is given up where it has not left.
    package let deadline: Instant
    /// How long the server may take for it.
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

    /// Whether somebody still waits for the reply.
    package var isOpen: Bool { answer != nil }

    /// Tells the reply, the first time it is called.
    func finish(_ result: Result<RedisValue, RedisFailure>) {
        guard let answer else { return }
        self.answer = nil
        answer(result)
    }

    /// Nobody wants the reply any more. A call that has not left never does; the reply of one that has is passed over.
    package func cancel() { finish(.failure(.cancelled)) }
}
