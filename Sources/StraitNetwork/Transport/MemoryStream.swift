/// One end of a connection that is made of memory: the socket's twin, for tests that need no kernel. Loop-bound.
///
/// The two ends may live on different loops. A direction holds at most ``NetworkConditions/capacity`` bytes, so that
/// back-pressure works as with a socket; what the conditions say of delays, partial writes and cuts is drawn from their seed.
package final class MemoryStream: ByteStream {
    private let conditions: NetworkConditions
    private var other: MemoryEnd?
    /// How many more bytes the other end has room for.
    private var credit: Int
    private var arrived: [Bytes] = []
    private var endArrived = false
    private var hangUpTold = false
    private var isDeliveryScheduled = false
    private var isOpen = false
    /// When the latest of what is under way to the other end arrives.
    private var lastArrival = Instant(nanoseconds: .min)

    private init(loop: EventLoop, peer: SocketAddress, local: SocketAddress, conditions: NetworkConditions) {
        self.conditions = conditions
        credit = conditions.capacity
        super.init(loop: loop, peer: peer, local: local)
    }

    /// Two connected ends. Each is to be opened on its own loop, once it has its owner.
    package static func pair(
        client: (EventLoop, SocketAddress), server: (EventLoop, SocketAddress), conditions: NetworkConditions
    ) -> (client: MemoryEnd, server: MemoryEnd) {
        let near = MemoryStream(loop: client.0, peer: server.1, local: client.1, conditions: conditions)
        let far = MemoryStream(loop: server.0, peer: client.1, local: server.1, conditions: conditions)
        near.other = MemoryEnd(far)
        far.other = MemoryEnd(near)
        return (MemoryEnd(near), MemoryEnd(far))
    }

    /// Begins to read. The owner is set by now.
    package func open() {
        isOpen = true
        scheduleDelivery()
    }

    /// Tells the other end that no more bytes follow, and goes on reading; what is queued has to be sent before.
    package func finishSending() {
        performFinish()
    }

    // MARK: Towards the other end

    override func performWrite() -> Result<Void, TransportError> {
        while credit > 0, !outlet.isEmpty {
            let wanted = min(credit, conditions.nextWriteSize(), outlet.count)
            let (passed, loss) = conditions.passes(wanted)
            var left = passed
            var taken = 0
            for piece in outlet.gather(limit: 64) where left > 0 {
                let part = piece.slice(0..<min(left, piece.count))
                left -= part.count
                taken += part.count
                // A copy, as the kernel makes one: what the writer does with its memory later is its own affair.
                let copy = Bytes(part.span)
                send { [end = MemoryEnd(self)] in $0.arrive(copy, from: end) }
            }
            credit -= taken
            outlet.consume(taken)
            switch loss {
            case .reset:
                send { $0.arriveReset() }
                return .failure(.reset)
            case .silence:
                // The peer's window is never opened again.
                credit = 0
            case nil: break
            }
        }
        return .success(())
    }

    override var hasUnread: Bool { !arrived.isEmpty }

    override func performFinish() {
        if !conditions.isSilent { sendEnd() }
    }

    private func sendEnd() {
        send { $0.arriveEnd() }
    }

    override func performReset() {
        if !conditions.isSilent { send { $0.arriveReset() } }
    }

    override func performClose() {
        if !conditions.isSilent { sendEnd() }
        other = nil
        arrived = []
    }

    private func send(_ event: @escaping @Sendable (MemoryStream) -> Void) {
        guard let other else { return }
        let now = loop.time.now
        let arrival = now.advanced(by: conditions.nextDelay())
        // None overtakes another: what is sent while something is under way arrives behind it.
        if arrival == now, lastArrival < now { return other.perform(after: .zero, event) }
        lastArrival = max(lastArrival, arrival)
        other.perform(at: lastArrival, event)
    }

    // MARK: From the other end

    private func arrive(_ bytes: Bytes, from sender: MemoryEnd) {
        // As the kernel answers what is sent to a closed socket.
        if isClosed { return sender.perform(after: .zero) { $0.arriveReset() } }
        arrived.append(bytes)
        scheduleDelivery()
    }

    private func arriveEnd() {
        if isClosed { return }
        endArrived = true
        if isReading { scheduleDelivery() } else { scheduleHangUp() }
    }

    private func arriveReset() {
        close(.reset)
    }

    private func arriveCredit(_ count: Int) {
        if isClosed { return }
        credit += count
        becameWritable()
    }

    override func interestChanged() {
        if isReading { scheduleDelivery() } else if endArrived { scheduleHangUp() }
    }

    /// Says once that the other end is finished while nobody reads, whichever came first.
    private func scheduleHangUp() {
        guard isOpen, !hangUpTold else { return }
        hangUpTold = true
        MemoryEnd(self).perform(after: .zero) { stream in
            if !stream.isClosed { stream.didHangUp(hasUnread: !stream.arrived.isEmpty) }
        }
    }

    private func scheduleDelivery() {
        guard isOpen, isReading, !isDeliveryScheduled, !arrived.isEmpty || endArrived else { return }
        isDeliveryScheduled = true
        MemoryEnd(self).perform(after: .zero) { $0.deliver() }
    }

    private func deliver() {
        isDeliveryScheduled = false
        while isReading, !isClosed, !arrived.isEmpty {
            let bytes = arrived.removeFirst()
            other?.perform(after: .zero) { $0.arriveCredit(bytes.count) }
            didRead(bytes.span)
        }
        if isReading, !isClosed, arrived.isEmpty, endArrived { didReadEnd() }
    }
}

/// A reference to a stream that may be passed between threads; it is only followed on the stream's own loop.
package struct MemoryEnd: @unchecked Sendable {
    // Sound: the stream is touched in `perform` and `open` alone, which run on its loop.
    private let stream: MemoryStream

    init(_ stream: MemoryStream) {
        self.stream = stream
    }

    package var loop: EventLoop { stream.loop }

    /// Runs `event` on the stream's loop, after everything that was sent there before with the same delay.
    package func perform(after delay: Duration, _ event: @escaping @Sendable (MemoryStream) -> Void) {
        if delay == .zero { return stream.loop.execute { event(stream) } }
        perform(at: stream.loop.time.now.advanced(by: delay), event)
    }

    /// Runs `event` on the stream's loop at `instant`, after everything that is due there before or at the same time.
    func perform(at instant: Instant, _ event: @escaping @Sendable (MemoryStream) -> Void) {
        stream.loop.execute {
            let timer = LoopTimer()
            timer.action = { [timer] in
                timer.action = {}
                event(stream)
            }
            stream.loop.arm(timer, at: instant)
        }
    }
}
