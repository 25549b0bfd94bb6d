import StraitCore

/// The reader of one server's queues for channels that receivers in this process wait on, such as workers'. Loop-bound.
///
/// It takes a message only for a waiting receiver. Other messages remain available to other processes. One blocking
/// read covers all channels.
final class AwaitedChannelReader {
    private let names: QueueNames
    private let loop: EventLoop
    private let timeLimits: RedisTimeLimits
    private let link: RedisLink
    private let commands: RedisLink
    private let expiry: Duration
    /// Returns the channels with waiting receivers.
    private let awaited: () -> [String]
    /// Delivers a message to a waiting receiver. Returns false if none waits any more.
    private let deliver: (_ channel: String, Bytes) -> Bool

    private var reading: Set<String>?
    private var turn = 0
    private var isClosed = false
    /// The number of messages that are being put back.
    private var puttingBack = 0
    /// Whether the wake-up queue has an entry that has not been read.
    private var isWoken = false
    private var whenClosed: () -> Void = {}
    private let pause = LoopTimer()
    private let settle = LoopTimer()

    /// The time that a read continues for a channel without receivers. A worker waits for the next message as soon as
    /// it has handled the last one.
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

    /// Stops reading. `done` is called when no read is in progress and undelivered messages were put back.
    func close(_ done: @escaping () -> Void) {
        isClosed = true
        loop.disarm(pause)
        loop.disarm(settle)
        // No read is in progress without a connection.
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

    /// Updates the read after a receiver began or stopped waiting.
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

    /// Ends the blocking read with a message in a queue that only wakes it. The order of the two commands does not
    /// matter.
    private func wake() {
        if isWoken { return }
        isWoken = true
        let queue = RedisArgument.string(names.wakeQueue)
        commands.call(RedisCommand("ZADD", [queue, 0, "wake"])) { [self] result in
            if case .failure = result { isWoken = false }
        }
        commands.call(RedisCommand("PEXPIRE", [queue, 60_000])) { _ in }
    }

    /// Empties the wake-up queue when the read ended for another reason and no other read would empty it.
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
        // Redis checks the queues in order, so each channel is first in turn.
        turn = (turn + 1) % channels.count
        channels = Array(channels[turn...] + channels[..<turn])
        link.popWhenAny(in: channels.map(names.queue) + [names.wakeQueue], limits: timeLimits) { [self] result in
            let channels = reading ?? []
            reading = nil
            defer { closed() }
            switch result {
            case .success(let popped):
                take(popped, channels)
                read()
            case .failure(let failure):
                if link.retries(failure, by: pause) {
                    if isClosed { loop.disarm(pause) }
                } else {
                    // The wake-up message may have been lost with the read.
                    isWoken = false
                    read()
                }
            }
        }
    }

    private func take(_ popped: PoppedMessage?, _ channels: Set<String>) {
        if popped == nil || popped?.queue == names.wakeQueue { isWoken = false }
        guard let popped, let channel = channels.first(where: { names.queue($0) == popped.queue }) else { return }
        if !isClosed, deliver(channel, popped.payload) { return }
        // The receiver was cancelled meanwhile. The message goes back to its old place, for other receivers.
        guard let score = popped.score else { return }
        puttingBack += 1
        commands.run(
            QueueScripts.putBack, keys: [popped.queue],
            [.string(expiry.secondsText), .string(score), .bytes(popped.payload)]
        ) { [self] _ in
            puttingBack -= 1
            closed()
        }
    }
}
