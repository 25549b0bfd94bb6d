package import StraitNetwork

/// One connection to a Redis server: commands out, replies in the same order, and what comes unasked. Loop-bound.
package final class RedisConnection: StreamOwner {
    package typealias Answer = (Result<RedisValue, RedisFailure>) -> Void

    private struct Awaited {
        let deadline: Instant
        let answer: Answer
    }

    package let loop: EventLoop
    private let stream: ByteStream
    private var reader: ReplyReader
    // Taken from the front up to `head`.
    private var awaited: [Awaited] = []
    private var head = 0
    private let timer = LoopTimer()
    /// Called once, when the connection is over. Whoever takes the connection over sets it anew.
    package var ended: ((RedisFailure) -> Void)?
    /// Whether what subscriptions bring comes as replies: to a server that only knows RESP2.
    package var hasPushesAsReplies = false
    /// Whether the server knows RESP3.
    package var knowsPushes = true
    private var isPaused = false
    private var resumed = Instant(nanoseconds: .min / 2)
    /// Takes what comes unasked: its kind, such as `message`, and what belongs to it.
    package var pushed: ([RedisValue]) -> Void = { _ in }

    /// Takes `stream` over, which is opened next; `ended` is called once, when the connection is over.
    package init(
        _ stream: ByteStream, limits: ReplyLimits = ReplyLimits(), ended: @escaping (RedisFailure) -> Void
    ) {
        loop = stream.loop
        self.stream = stream
        self.ended = ended
        reader = ReplyReader(limits: limits)
        stream.attach(self)
        timer.action = { [unowned self] in checkDeadline() }
    }

    package var isOpen: Bool { ended != nil }

    /// How many commands have no reply yet.
    package var awaitedCount: Int { awaited.count - head }

    /// Sends `command`; `answer` is called once, with its reply, or with why there is none. A server that owes a reply
    /// at `deadline` is given up, with everything that waits for it.
    package func send(_ command: RedisCommand, by deadline: Instant, _ answer: @escaping Answer) {
        guard isOpen else { return answer(.failure(.unavailable(Self.over))) }
        stream.write { command.append(to: &$0) }
        awaited.append(Awaited(deadline: deadline, answer: answer))
        if awaitedCount == 1 { loop.arm(timer, at: deadline) }
    }

    /// Sends `command`, which is answered with pushes alone: `SUBSCRIBE` and its like.
    package func send(unanswered command: RedisCommand) {
        guard isOpen else { return }
        stream.write { command.append(to: &$0) }
    }

    /// Ends the connection at once.
    package func close(_ reason: String) {
        guard isOpen else { return }
        end(.lost(reason))
        stream.abort()
    }

    /// Takes nothing more for now. No reply may be awaited for long meanwhile.
    package func pauseReading() {
        isPaused = true
        stream.pauseReading()
    }

    package func resumeReading() {
        isPaused = false
        resumed = loop.now
        stream.resumeReading()
    }

    private static let over = "The connection to Redis is over."

    // MARK: From the stream

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
        guard head < awaited.count else {
            if case .error(let error) = value { return close(error.description) }
            return close("Redis answered what was not asked.")
        }
        let answer = awaited[head].answer
        head += 1
        if head == awaited.count {
            awaited.removeAll(keepingCapacity: head <= 1024)
            head = 0
        } else if head > 256, head > awaited.count / 2 {
            awaited.removeFirst(head)
            head = 0
        }
        if case .error(let error) = value { answer(.failure(.refused(error))) } else { answer(.success(value)) }
    }

    private static let pushes: Set<String> = [
        "message", "pmessage", "subscribe", "psubscribe", "unsubscribe", "punsubscribe",
    ]

    /// The timer is not moved with every reply: it fires for the oldest command there was, and looks which it is now.
    private func checkDeadline() {
        guard isOpen, head < awaited.count else { return }
        let deadline = awaited[head].deadline
        guard deadline <= loop.now else { return loop.arm(timer, at: deadline) }
        // What is overdue may wait to be read.
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
            case .stalled: "Redis took nothing for too long."
            case let error?: error.description
            }
        end(.lost(reason))
    }

    private func end(_ failure: RedisFailure) {
        guard let ended else { return }
        self.ended = nil
        loop.disarm(timer)
        pushed = { _ in }
        let waiting = awaited[head...]
        awaited = []
        head = 0
        // Told first: whoever hears that a command was lost may send the next one at once, which is not for this
        // connection.
        ended(failure)
        for one in waiting { one.answer(.failure(failure)) }
    }
}
