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
    private let next = LoopTimer()
    private var moderation = Moderation()
    /// Messages that wait for those behind them, and since when.
    private var held: [Bytes] = []
    private var heldSince = Instant(nanoseconds: 0)
    private var heldBytes = 0
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
        next.action = { [unowned self] in takeAll() }
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
        loop.disarm(next)
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
                arrived([payload])
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
                if payloads.isEmpty, held.isEmpty { wait() } else { arrived(payloads) }
            case .failure(let failure):
                _ = deliverHeld()
                failed(failure)
            }
        }
    }

    // MARK: Handing out

    /// Hands messages out, at once as a rule; see ``Moderation``.
    private func arrived(_ payloads: [Bytes]) {
        if held.isEmpty { heldSince = loop.now }
        held += payloads
        heldBytes += payloads.reduce(0) { $0 + $1.count }
        // Where nothing came in the gap, nothing more is waited for.
        if !payloads.isEmpty, moderation.holds(held.count, bytes: heldBytes, since: heldSince, now: loop.now) {
            return loop.arm(next, after: Moderation.gap)
        }
        if let pause = moderation.delivered(to: deliverHeld(), now: loop.now) {
            loop.arm(next, after: pause)
        } else {
            takeAll()
        }
    }

    /// Hands out what was held back; to how many sockets it went.
    private func deliverHeld() -> Int {
        let payloads = held
        held = []
        heldBytes = 0
        return payloads.reduce(0) { max($0, deliver($1)) }
    }

    private func rest() {
        // Sound: the reader is followed on its loop alone.
        nonisolated(unsafe) let reader = self
        whenRoom { unsafe reader.takeAll() }
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
