import StraitCore

/// The reader of one server's queue for all sockets of this process. One blocking read serves all of them. Loop-bound.
final class OwnQueueReader {
    private let queue: String
    private let loop: EventLoop
    private let timeLimits: RedisTimeLimits
    /// Delivers a message. Returns the number of sockets that received it.
    private let deliver: (Bytes) -> Int
    /// Whether the event loops of the receivers are behind. If so, reading stops until ``whenRoom`` calls its closure.
    private let isBehind: () -> Bool
    private let whenRoom: (@escaping @Sendable () -> Void) -> Void
    private let link: RedisLink
    private let pause = LoopTimer()
    private let next = LoopTimer()
    private var held = HeldMessages<Bytes>()
    private var isStarted = false

    init(
        _ queue: String, link: RedisLink, client: RedisClientSettings, isBehind: @escaping () -> Bool,
        whenRoom: @escaping (@escaping @Sendable () -> Void) -> Void, deliver: @escaping (Bytes) -> Int
    ) {
        self.queue = queue
        self.link = link
        loop = client.loop
        timeLimits = client.limits
        self.isBehind = isBehind
        self.whenRoom = whenRoom
        self.deliver = deliver
        pause.action = { [unowned self] in wait() }
        next.action = { [unowned self] in takeAll() }
    }

    /// Starts reading.
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

    /// Waits for the next message.
    private func wait() {
        guard isStarted else { return }
        if isBehind() { return rest() }
        link.popWhenAny(in: [queue], limits: timeLimits) { [self] result in
            // After `close()` there are no receivers left.
            guard isStarted else { return }
            switch result {
            case .success(let popped?): arrived([popped.payload])
            case .success(nil): wait()
            case .failure(let failure): failed(failure)
            }
        }
    }

    /// Takes the messages that have arrived meanwhile.
    private func takeAll() {
        guard isStarted else { return }
        if isBehind() { return rest() }
        // Limited to less than the maximum size of a reply.
        let limits: [RedisArgument] = [.integer(WriteCoalescing.most), .integer(16 << 20)]
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

    // MARK: Delivering

    /// Delivers messages, usually at once; see ``WriteCoalescing``.
    private func arrived(_ payloads: [Bytes]) {
        for payload in payloads { held.add(payload, bytes: payload.count, now: loop.now) }
        // If nothing arrived within the gap, the reader stops waiting for more.
        if !payloads.isEmpty, held.waits(at: loop.now) {
            return loop.arm(next, after: WriteCoalescing.gap)
        }
        let sockets = deliverHeld()
        if let pause = held.delivered(to: sockets, now: loop.now) {
            loop.arm(next, after: pause)
        } else {
            takeAll()
        }
    }

    /// Delivers the held messages. Returns the number of sockets that received them.
    private func deliverHeld() -> Int {
        held.takeAll().reduce(0) { max($0, deliver($1)) }
    }

    private func rest() {
        // SAFETY: The reader is used only on its event loop.
        nonisolated(unsafe) let reader = self
        whenRoom { unsafe reader.takeAll() }
    }

    private func failed(_ failure: RedisFailure) {
        guard isStarted else { return }
        if !link.retries(failure, by: pause) { wait() }
    }
}
