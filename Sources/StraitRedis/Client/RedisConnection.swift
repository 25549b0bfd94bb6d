package import StraitCore

/// A connection to a Redis server: it sends commands, and receives replies in the same order and push messages.
/// Loop-bound.
package final class RedisConnection: StreamOwner {
    package typealias Answer = (Result<RedisValue, RedisFailure>) -> Void

    private struct Awaited {
        let deadline: Instant
        let answer: Answer
    }

    package let loop: EventLoop
    private let stream: any ByteStream
    private var reader: ReplyReader
    private var awaited = Ring<Awaited>()
    private let timer = LoopTimer()
    /// The handler that is called once, when the connection has ended. The connection's new owner replaces it.
    package var ended: ((RedisFailure) -> Void)?
    /// Whether messages of subscriptions arrive as replies: on servers that support RESP2 only.
    package var hasPushesAsReplies = false
    /// Whether the server supports RESP3.
    package var knowsPushes = true
    private var isPaused = false
    private var resumed = Instant(nanoseconds: .min / 2)
    /// The handler for push messages: their kind, such as `message`, and their values.
    package var pushed: ([RedisValue]) -> Void = { _ in }

    /// Creates a connection on `stream`, which the caller opens afterwards. `ended` is called once, when the connection
    /// has ended.
    package init(
        _ stream: any ByteStream, limits: ReplyLimits = ReplyLimits(), ended: @escaping (RedisFailure) -> Void
    ) {
        loop = stream.loop
        self.stream = stream
        self.ended = ended
        reader = ReplyReader(limits: limits)
        stream.attach(self)
        timer.action = { [unowned self] in checkDeadline() }
    }

    /// Whether the connection has not ended.
    package var isOpen: Bool { ended != nil }

    /// The number of commands without a reply.
    package var awaitedCount: Int { awaited.count }

    /// Sends `command`. `answer` is called once, with its reply or a failure.
    ///
    /// If the reply has not arrived at `deadline`, the connection is closed and all waiting commands fail.
    package func send(_ command: RedisCommand, by deadline: Instant, _ answer: @escaping Answer) {
        guard isOpen else { return answer(.failure(.unavailable(Self.over))) }
        stream.write { command.append(to: &$0) }
        awaited.append(Awaited(deadline: deadline, answer: answer))
        if awaitedCount == 1 { loop.arm(timer, at: deadline) }
    }

    /// Sends a command that has only push messages as its reply, such as `SUBSCRIBE`.
    package func send(unanswered command: RedisCommand) {
        guard isOpen else { return }
        stream.write { command.append(to: &$0) }
    }

    /// Closes the connection at once.
    package func close(_ reason: String) {
        guard isOpen else { return }
        end(.lost(reason))
        stream.abort()
    }

    /// Stops reading. Don't wait long for replies in this state.
    package func pauseReading() {
        isPaused = true
        stream.pauseReading()
    }

    /// Continues reading after ``pauseReading()``.
    package func resumeReading() {
        isPaused = false
        resumed = loop.now
        stream.resumeReading()
    }

    private static let over = "The connection to Redis has ended."

    // MARK: Stream events

    package func received(_ bytes: Span<UInt8>) {
        var position = 0
        do throws(RedisProtocolError) {
            while isOpen, let arrival = try reader.next(bytes, &position) {
                switch arrival {
                case .reply(let value): take(value)
                case .push(let values): pushed(values)
                }
            }
        } catch {
            close(error.description)
        }
    }

    private func take(_ value: RedisValue) {
        if hasPushesAsReplies, let values = value.elements, let kind = values.first?.string, Self.pushes.contains(kind)
        {
            return pushed(values)
        }
        guard let answer = awaited.popFirst()?.answer else {
            if case .error(let error) = value { return close(error.description) }
            return close("Redis sent a reply without a command.")
        }
        if awaited.isEmpty { awaited.removeAll(keepingCapacity: 1024) }
        if case .error(let error) = value { answer(.failure(.refused(error))) } else { answer(.success(value)) }
    }

    private static let pushes: Set<String> = [
        "message", "pmessage", "subscribe", "psubscribe", "unsubscribe", "punsubscribe",
    ]

    /// Checks the deadline of the oldest command. The timer is not moved with every reply, so it may fire early.
    private func checkDeadline() {
        guard isOpen, let deadline = awaited.first?.deadline else { return }
        guard deadline <= loop.now else { return loop.arm(timer, at: deadline) }
        // The overdue reply may be in the unread bytes.
        if isPaused || resumed.duration(to: loop.now) < .seconds(1) { return loop.arm(timer, after: .seconds(1)) }
        close("Redis did not answer in time.")
    }

    package func peerFinished() { close("Redis closed the connection.") }
    package func peerHungUp(hasUnread: Bool) { close("Redis closed the connection.") }
    package func wrote(_ count: Int) {}
    package func drained() {}

    package func closed(_ error: TransportError?) {
        let reason =
            switch error {
            case nil, .closed: Self.over
            case .reset: "Redis reset the connection."
            case .stalled: "Redis read nothing for too long."
            case let error?: error.description
            }
        end(.lost(reason))
    }

    private func end(_ failure: RedisFailure) {
        guard let ended else { return }
        self.ended = nil
        loop.disarm(timer)
        pushed = { _ in }
        var waiting = awaited.takeAll()
        // Called first: a handler of a lost command may send the next command at once, and it must not use this
        // connection.
        ended(failure)
        while let one = waiting.popFirst() { one.answer(.failure(failure)) }
    }
}
