import StraitNetwork

/// Reads, from one server, the queue that all sockets of this process have in common: one blocking read however many
/// there are. Loop-bound.
final class OwnQueueReader {
    private let queue: String
    private let loop: EventLoop
    private let timeLimits: RedisTimeLimits
    /// Hands a message out, and says to how many.
    private let deliver: (Bytes) -> Int
    /// Whether the loops of those that messages are for are held up; no more is taken then until `room` has been
    /// called.
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
        _ = deliverHeld()
        loop.disarm(pause)
        loop.disarm(next)
    }

    /// Waits for a message.
    private func wait() {
        guard isStarted else { return }
        if isHeldUp() { return rest() }
        let command = RedisCommand("BZPOPMIN", [.string(queue), .string(timeLimits.read.secondsText)])
        link.call(command, patience: timeLimits.read + timeLimits.command) { [self] result in
            // Where it was closed meanwhile, nobody is left whom a message could be for.
            guard isStarted else { return }
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
        // No more than a reply may be long.
        let limits: [RedisArgument] = [.integer(Moderation.most), .integer(16 << 20)]
        link.run(QueueScripts.take, keys: [queue], limits) { [self] result in
            guard isStarted else { return }
            switch result {
            case .success(let reply):
                let payloads = (reply.elements ?? []).compactMap(\.bytes)
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
        // Without a connection the next command waits for one by itself. What Redis refuses it would refuse at once
        // again.
        guard case .refused(let error) = failure else { return wait() }
        link.report(error)
        loop.arm(pause, after: .seconds(1))
    }
}
