import StraitNetwork

/// Reads, from one server, the channels that somebody here waits for a message of: workers' above all. A message is
/// taken only for somebody who waits, so that it is there for others otherwise; one blocking read serves all channels.
/// Loop-bound.
final class AwaitedChannelReader {
    private let names: QueueNames
    private let loop: EventLoop
    private let timeLimits: RedisTimeLimits
    private let link: RedisLink
    private let commands: RedisLink
    private let expiry: Duration
    /// The channels that somebody waits for now.
    private let awaited: () -> [String]
    /// Hands a message to who waits for it; false where nobody does any more.
    private let deliver: (_ channel: String, Bytes) -> Bool

    private var reading: Set<String>?
    private var turn = 0
    private var isClosed = false
    /// How many messages are on their way back.
    private var puttingBack = 0
    /// Whether the queue that wakes was filled, and not emptied so far.
    private var isWoken = false
    private var whenClosed: () -> Void = {}
    private let pause = LoopTimer()
    private let settle = LoopTimer()

    /// How long a read goes on for a channel that nobody waits for any more: a worker comes back for the next message
    /// as soon as it has handled the last one.
    private static let settleTime = Duration.milliseconds(20)

    init(
        _ names: QueueNames, link: RedisLink, commands: RedisLink, expiry: Duration, client: RedisClientSettings,
        awaited: @escaping () -> [String], deliver: @escaping (String, Bytes) -> Bool
    ) {
        self.names = names
        self.link = link
        self.commands = commands
        self.expiry = expiry
        loop = client.loop
        timeLimits = client.limits
        self.awaited = awaited
        self.deliver = deliver
        pause.action = { [unowned self] in read() }
        settle.action = { [unowned self] in wakeIfStale() }
    }

    /// Reads no more. `done` is called when nothing is on its way here any more, and what came for nobody was put back.
    func close(_ done: @escaping () -> Void) {
        isClosed = true
        loop.disarm(pause)
        loop.disarm(settle)
        // Without a connection no read is under way.
        guard puttingBack > 0 || (reading != nil && link.isReady) else { return done() }
        whenClosed = done
        if reading != nil { wake() }
    }

    private func closed() {
        guard isClosed, reading == nil, puttingBack == 0 else { return }
        let done = whenClosed
        whenClosed = {}
        done()
    }

    /// Somebody began to wait, or gave up.
    func changed() {
        guard !isClosed else { return }
        guard let reading else { return read() }
        let wanted = awaited()
        if !wanted.allSatisfy(reading.contains) {
            wake()
        } else if wanted.count != reading.count, !settle.isArmed {
            loop.arm(settle, after: Self.settleTime)
        }
    }

    private func wakeIfStale() {
        if let reading, awaited().count != reading.count { wake() }
    }

    /// Has the read that waits return: by a message in a queue of its own, so that it does not matter which comes
    /// first.
    private func wake() {
        if isWoken { return }
        isWoken = true
        let queue = RedisArgument.string(names.wakeQueue)
        commands.call(RedisCommand("ZADD", [queue, 0, "wake"])) { [self] result in
            if case .failure = result { isWoken = false }
        }
        commands.call(RedisCommand("PEXPIRE", [queue, 60_000])) { _ in }
    }

    /// The read came back by itself, and there is no other one that would empty the queue.
    private func forgetWake() {
        guard isWoken else { return }
        isWoken = false
        commands.call(RedisCommand("DEL", [.string(names.wakeQueue)])) { _ in }
    }

    private func read() {
        guard reading == nil, !isClosed else { return }
        loop.disarm(settle)
        var channels = awaited()
        guard !channels.isEmpty else { return forgetWake() }
        reading = Set(channels)
        // Redis looks at them in order: each is first once.
        turn = (turn + 1) % channels.count
        channels = Array(channels[turn...] + channels[..<turn])
        var arguments = channels.map { RedisArgument.string(names.queue($0)) }
        arguments.append(.string(names.wakeQueue))
        arguments.append(.string(timeLimits.read.secondsText))
        link.call(RedisCommand("BZPOPMIN", arguments), patience: timeLimits.read + timeLimits.command) {
            [self] result in
            let channels = reading ?? []
            reading = nil
            defer { closed() }
            switch result {
            case .success(let reply):
                take(reply, channels)
                read()
            case .failure(.refused(let error)):
                link.report(error)
                if !isClosed { loop.arm(pause, after: .seconds(1)) }
            case .failure:
                // What it would have been woken by may be lost with it.
                isWoken = false
                read()
            }
        }
    }

    private func take(_ reply: RedisValue, _ channels: Set<String>) {
        guard let parts = reply.elements, parts.count == 3, let queue = parts[0].string, let payload = parts[1].bytes
        else {
            isWoken = false
            return
        }
        if queue == names.wakeQueue { isWoken = false }
        guard let channel = channels.first(where: { names.queue($0) == queue }) else { return }
        if !isClosed, deliver(channel, payload) { return }
        // Who waited was cancelled meanwhile. The message is there for others again, in its old place.
        guard let score = parts[2].scoreText else { return }
        puttingBack += 1
        commands.run(
            QueueScripts.putBack, keys: [queue], [.string(expiry.secondsText), .string(score), .bytes(payload)]
        ) { [self] _ in
            puttingBack -= 1
            closed()
        }
    }
}

extension RedisValue {
    /// The score of an element of a sorted set as Redis reads it: a double (RESP3) or its text (RESP2).
    var scoreText: String? {
        if case .double(let score) = self { "\(score)" } else { string }
    }
}
