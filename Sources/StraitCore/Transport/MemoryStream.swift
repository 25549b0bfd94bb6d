internal import Synchronization

/// One end of an in-memory connection, which replaces a socket in tests that need no kernel. Loop-bound.
///
/// The two ends may belong to different loops. A direction holds at most ``NetworkConditions/capacity`` bytes, so
/// back-pressure works as with a socket. Delays, partial writes and lost connections are drawn from the seed of the
/// conditions.
package final class MemoryStream: Transport {
    package let loop: EventLoop
    package let peer: SocketAddress
    package let local: SocketAddress
    package let writeQueue: WriteQueue
    package var state = StreamState()
    private let conditions: NetworkConditions
    private var other: MemoryEnd?
    /// The number of bytes that the other end still has room for.
    private var credit: Int
    private var arrived = Ring<Bytes>()
    private var endArrived = false
    private var hangUpTold = false
    private var isDeliveryScheduled = false
    private var isOpen = false
    /// The time at which the last event in transit to the other end arrives.
    private var lastArrival = Instant(nanoseconds: .min)

    private init(loop: EventLoop, peer: SocketAddress, local: SocketAddress, conditions: NetworkConditions) {
        self.conditions = conditions
        credit = conditions.capacity
        self.loop = loop
        self.peer = peer
        self.local = local
        writeQueue = WriteQueue(loop: loop)
        writeQueue.attach(self)
    }

    /// Creates two connected ends. Open each on its own loop after it has its owner.
    package static func pair(
        client: (EventLoop, SocketAddress), server: (EventLoop, SocketAddress), conditions: NetworkConditions
    ) -> (client: MemoryEnd, server: MemoryEnd) {
        let near = MemoryStream(loop: client.0, peer: server.1, local: client.1, conditions: conditions)
        let far = MemoryStream(loop: server.0, peer: client.1, local: server.1, conditions: conditions)
        near.other = MemoryEnd(far)
        far.other = MemoryEnd(near)
        return (MemoryEnd(near), MemoryEnd(far))
    }

    /// Starts to read. The owner must be set.
    package func open() {
        isOpen = true
        scheduleDelivery()
    }

    /// Signals the end of output to the other end and continues to read. Queued bytes must be written first.
    package func finishSending() {
        performFinish()
    }

    package func duplicatedDescriptor() -> Int32? { nil }

    // MARK: Towards the other end

    package func performWrite() -> Result<Void, TransportError> {
        while credit > 0, !writeQueue.isEmpty {
            let wanted = min(credit, conditions.nextWriteSize(), writeQueue.count)
            let (passed, loss) = conditions.passes(wanted)
            var left = passed
            var taken = 0
            writeQueue.forEachPiece(limit: 64) { piece in
                guard left > 0 else { return }
                let part = piece.slice(0..<min(left, piece.count))
                left -= part.count
                taken += part.count
                // Copies the bytes, as the kernel does, so that the writer may reuse its memory.
                let copy = Bytes(part.span)
                send { [end = MemoryEnd(self)] in $0.arrive(copy, from: end) }
            }
            credit -= taken
            writeQueue.consume(taken)
            switch loss {
            case .reset:
                send { $0.arriveReset() }
                return .failure(.reset)
            case .silence:
                // The peer's window never opens again.
                credit = 0
            case nil: break
            }
        }
        return .success(())
    }

    package var hasUnread: Bool { !arrived.isEmpty }

    package func performFinish() {
        if !conditions.isSilent { sendEnd() }
    }

    private func sendEnd() {
        send { $0.arriveEnd() }
    }

    package func performReset() {
        if !conditions.isSilent { send { $0.arriveReset() } }
    }

    package func performClose() {
        if !conditions.isSilent { sendEnd() }
        other = nil
        arrived.removeAll()
    }

    private func send(_ event: @escaping @Sendable (MemoryStream) -> Void) {
        guard let other else { return }
        let now = loop.time.now
        let arrival = now.advanced(by: conditions.nextDelay())
        // Events arrive in order: one that is sent while another is in transit arrives after it.
        if arrival == now, lastArrival < now { return other.perform(after: .zero, event) }
        lastArrival = max(lastArrival, arrival)
        other.perform(at: lastArrival, event)
    }

    // MARK: From the other end

    private func arrive(_ bytes: Bytes, from sender: MemoryEnd) {
        // The kernel also answers bytes for a closed socket with a reset.
        if isClosed { return sender.perform(after: .zero) { $0.arriveReset() } }
        arrived.append(bytes)
        scheduleDelivery()
    }

    private func arriveEnd() {
        if isClosed { return }
        endArrived = true
        if state.isReading { scheduleDelivery() } else { scheduleHangUp() }
    }

    private func arriveReset() {
        close(.reset)
    }

    private func arriveCredit(_ count: Int) {
        if isClosed { return }
        credit += count
        becameWritable()
    }

    package func interestChanged() {
        if state.isReading { scheduleDelivery() } else if endArrived { scheduleHangUp() }
    }

    /// Reports once that the other end has finished while reading is paused, regardless of which happened first.
    private func scheduleHangUp() {
        guard isOpen, !hangUpTold else { return }
        hangUpTold = true
        MemoryEnd(self).perform(after: .zero) { stream in
            if !stream.isClosed { stream.didHangUp(hasUnread: !stream.arrived.isEmpty) }
        }
    }

    private func scheduleDelivery() {
        guard isOpen, state.isReading, !isDeliveryScheduled, !arrived.isEmpty || endArrived else { return }
        isDeliveryScheduled = true
        MemoryEnd(self).perform(after: .zero) { $0.deliver() }
    }

    private func deliver() {
        isDeliveryScheduled = false
        while state.isReading, !isClosed, !arrived.isEmpty {
            let bytes = arrived.removeFirst()
            other?.perform(after: .zero) { $0.arriveCredit(bytes.count) }
            didRead(bytes.span)
        }
        if state.isReading, !isClosed, arrived.isEmpty, endArrived { didReadEnd() }
    }
}

/// A reference to a stream that can be passed between threads. It is used only on the stream's loop.
package struct MemoryEnd: @unchecked Sendable {
    // SAFETY: only `perform` and `open` use the stream, and they run on its loop.
    private let stream: MemoryStream

    init(_ stream: MemoryStream) {
        self.stream = stream
    }

    package var loop: EventLoop { stream.loop }

    /// Runs `event` on the stream's loop, after all events that were sent there earlier with the same delay.
    package func perform(after delay: Duration, _ event: @escaping @Sendable (MemoryStream) -> Void) {
        if delay == .zero { return stream.loop.execute { event(stream) } }
        perform(at: stream.loop.time.now.advanced(by: delay), event)
    }

    /// Runs `event` on the stream's loop at `instant`, after all events that are due there earlier or at the same time.
    func perform(at instant: Instant, _ event: @escaping @Sendable (MemoryStream) -> Void) {
        stream.loop.execute {
            stream.loop.run(at: instant) { event(stream) }
        }
    }
}

/// The simulated behavior of one in-memory connection. It is drawn from a seed, so that a failing run can be repeated.
package final class NetworkConditions: Sendable {
    /// A way to lose a connection.
    package enum Loss: Sendable, Hashable {
        /// Both ends see a reset.
        case reset
        /// Nothing arrives any more and neither end is notified, as if a cable were pulled.
        case silence
    }

    /// The number of bytes in transit in one direction at which the writer has to wait.
    package let capacity: Int
    /// The maximum number of bytes that one write accepts. Small values split frames into pieces.
    package let largestWrite: Int
    /// The minimum delay of bytes in transit.
    package let delay: Duration
    /// The maximum random delay in addition. Bytes still arrive in order.
    package let jitter: Duration
    private let loss: Loss
    private let state: Mutex<State>

    private struct State: Sendable {
        var generator: SeededGenerator
        /// The number of bytes, in both directions together, before the connection is lost; nil for no loss.
        var left: Int?
    }

    /// Creates conditions for one connection.
    ///
    /// - Parameter lossAfter: The number of bytes, in both directions together, after which the connection is lost; nil
    ///   for no loss.
    package init(
        seed: UInt64 = 0, capacity: Int = 64 << 10, largestWrite: Int = .max, delay: Duration = .zero,
        jitter: Duration = .zero, lossAfter: Int? = nil, loss: Loss = .reset
    ) {
        self.capacity = capacity
        self.largestWrite = largestWrite
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        state = Mutex(State(generator: SeededGenerator(seed: seed), left: lossAfter))
    }

    func nextWriteSize() -> Int {
        largestWrite == .max ? .max : state.withLock { Int.random(in: 1...largestWrite, using: &$0.generator) }
    }

    func nextDelay() -> Duration {
        if jitter == .zero { return delay }
        let nanoseconds = state.withLock { Int64.random(in: 0...jitter.nanoseconds, using: &$0.generator) }
        return delay + .nanoseconds(nanoseconds)
    }

    /// Returns the number of `count` bytes that still arrive, and the kind of loss if the connection is lost after
    /// them.
    func passes(_ count: Int) -> (count: Int, loss: Loss?) {
        state.withLock { state in
            guard let left = state.left else { return (count, nil) }
            let passed = min(left, count)
            state.left = left - passed
            return (passed, passed < count ? loss : nil)
        }
    }

    /// Whether the connection is lost silently: nothing arrives, and neither end is notified.
    var isSilent: Bool { loss == .silence && state.withLock { $0.left == 0 } }
}
