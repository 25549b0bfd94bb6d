import StraitCore

/// A message that a blocking read took from a queue.
struct PoppedMessage {
    let queue: String
    let payload: Bytes
    let score: String?

    /// Reads the reply of `BZPOPMIN`. Returns nil if no message arrived in time.
    init?(_ reply: RedisValue) {
        guard let parts = reply.elements, parts.count == 3, let queue = parts[0].string, let payload = parts[1].bytes
        else { return nil }
        self.queue = queue
        self.payload = payload
        score = parts[2].scoreText
    }
}

extension RedisLink {
    /// Takes the oldest message of the first queue that has one. If all `queues` are empty, waits for a message up to
    /// the time limit for reads, and answers nil if none arrives.
    func popWhenAny(
        in queues: [String], limits: RedisTimeLimits,
        _ answer: @escaping (Result<PoppedMessage?, RedisFailure>) -> Void
    ) {
        let arguments = queues.map(RedisArgument.string) + [.string(limits.read.secondsText)]
        call(RedisCommand("BZPOPMIN", arguments), replyTimeout: limits.read + limits.command) { result in
            answer(result.map(PoppedMessage.init))
        }
    }

    /// Schedules the next attempt with `pause` and returns true if Redis rejected the command, because an immediate
    /// retry would be rejected too. Returns false for any other failure: the next command then waits for a connection.
    func retries(_ failure: RedisFailure, by pause: LoopTimer) -> Bool {
        guard case .refused(let error) = failure else { return false }
        report(error)
        loop.arm(pause, after: .seconds(1))
        return true
    }
}

extension RedisValue {
    /// The score of a sorted set element as text: a double in RESP3, text in RESP2.
    var scoreText: String? {
        if case .double(let score) = self { "\(score)" } else { string }
    }
}
