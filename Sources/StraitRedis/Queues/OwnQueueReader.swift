import StraitNetwork

/// Reads, from one server, the queue that all sockets of this process have in common: one blocking read however many there are.
/// Loop-bound.
final class OwnQueueReader {
    private let queue: String
    private let loop: EventLoop
    private let timeLimits: RedisTimeLimits
    /// Hands a message out, and says to how many.
    private let deliver: (Bytes) -> Int
    /// Whether the loops of those that messages are for are held up; no more is taken then until `room` has been called.
    private let isHeldUp: () -> Bool
    private let whenRoom: (@escaping @Sendable () -> Void) -> Void
    private let link: RedisLink
    private let pause = LoopTimer()
    private let moderation = LoopTimer()
    private var lastToMany = Instant(nanoseconds: .min / 2)
    /// A message that waits for those behind it.
    private var held: Bytes?
    private var isStarted = false

    /// How many messages are taken at once where several wait.
    private static let batch = 256

    init(
        _ queue: String, link: RedisLink, client: RedisClientSettings, isHeldUp: @escaping () -> Bool,
        whenRoom: @escaping (@escaping @Sendable () -> Void) -> Void, deliver: @escaping (Bytes) -> Int
    ) {
        self.queue = queue
        self.link = link
        loop = client.loop
        timeLimits = client.limits
        self.isHeldUp = isHeldUp
        self.whenRoom = whenRoom
        self.deliver = deliver
        pause.action = { [unowned self] in wait() }
        moderation.action = { [unowned self] in takeAll() }
    }

    /// Reads from here on.
    func start() {
        if isStarted { return }
        isStarted = true
        wait()
    }

    func close() {
        isStarted = false
        loop.disarm(pause)
        loop.disarm(moderation)
    }

    /// Waits for a message.
    private func wait() {
        guard isStarted else { return }
        if isHeldUp() { return rest() }
        let command = RedisCommand("BZPOPMIN", [.string(queue), .string(timeLimits.read.secondsText)])
        link.call(command, patience: timeLimits.read + timeLimits.command) { [self] result in
            switch result {
            case .success(let reply):
                guard let parts = reply.elements, parts.count == 3, let payload = parts[1].bytes else { return wait() }
                if isBusy { hold(payload) } else { afterwards(deliver(payload)) }
            case .failure(let failure): failed(failure)
            }
        }
    }

    /// Takes what came meanwhile.
    private func takeAll() {
        guard isStarted else { return }
        if isHeldUp() { return rest() }
        link.call(RedisCommand("ZPOPMIN", [.string(queue), .integer(Self.batch)])) { [self] result in
            switch result {
            case .success(let reply):
                let payloads = reply.poppedPayloads
                var count = held.map(deliver) ?? 0
                let isEmpty = held == nil && payloads.isEmpty
                held = nil
                for payload in payloads { count += deliver(payload) }
                if isEmpty { wait() } else { afterwards(count) }
            case .failure(let failure):
                if let held { _ = deliver(held) }
                held = nil
                failed(failure)
            }
        }
    }

    /// Goes on behind a message that went to `count` sockets: at once where they are few. Where they are many, what comes while they
    /// are written to is taken together, and written together: a message in a write of its own costs each of them ten times as
    /// much.
    private func afterwards(_ count: Int) {
        if count < Self.many { return takeAll() }
        lastToMany = loop.now
        loop.arm(moderation, after: min(Self.longestModeration, Self.timeOfDelivery * count))
    }

    /// Whether messages to many follow each other closely: then one that comes is held for a moment, for those behind it.
    private var isBusy: Bool { lastToMany.duration(to: loop.now) < Self.closely }

    private func hold(_ payload: Bytes) {
        held = payload
        loop.arm(moderation, after: Self.holdTime)
    }

    private static let closely = Duration.milliseconds(50)
    private static let holdTime = Duration.milliseconds(2)

    /// From how many sockets on a message is followed by a pause.
    private static let many = 100
    /// Twice what writing to one of them takes, so that as much time is left for what the loops have to do beside it: to publish
    /// what comes next, for instance.
    private static let timeOfDelivery = Duration.microseconds(10)
    private static let longestModeration = Duration.milliseconds(10)

    private func rest() {
        // Sound: the reader is followed on its loop alone.
        nonisolated(unsafe) let reader = self
        whenRoom { unsafe reader.wait() }
    }

    private func failed(_ failure: RedisFailure) {
        guard isStarted else { return }
        // Without a connection the next command waits for one by itself. What Redis refuses it would refuse at once again.
        if case .refused = failure { loop.arm(pause, after: .seconds(1)) } else { wait() }
    }
}

extension RedisValue {
    /// The members that `ZPOPMIN` answers with: in pairs with their scores (RESP3), or one after the other (RESP2).
    var poppedPayloads: [Bytes] {
        guard let elements else { return [] }
        if elements.first?.elements != nil { return elements.compactMap { $0.elements?.first?.bytes } }
        return stride(from: 0, to: elements.count, by: 2).compactMap { elements[$0].bytes }
    }
}
