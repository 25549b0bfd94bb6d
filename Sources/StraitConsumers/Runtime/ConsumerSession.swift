package import StraitHTTP
package import StraitNetwork
package import StraitRouting
package import StraitWebSocket

/// The life of one consumer: feeds it its events one after the other, and sees to it that `disconnect` comes exactly
/// once, whatever happens. Loop-bound.
///
/// The consumer's handlers run in one task, the *driver*, which starts with the first event and ends when nothing
/// happened for a while: an idle socket costs no task. A wake of the driver is one enqueue, however many messages the
/// wake brought.
package final class ConsumerSession {
    package let loop: EventLoop
    package let scope: Scope
    package let limits: ConsumerLimits
    package let log: Log
    package private(set) var consumer: Consumer?
    package private(set) var transport: (any ConsumerTransport)?

    private var mailbox: Mailbox
    private var phase = Phase.created
    /// Why the socket ended; set once.
    private var ending: Close?
    private var driver: Task<Void, Never>?
    /// What the driver waits with while the mailbox is empty; resumed with false where it is to end.
    private var waiter: UnsafeContinuation<Bool, Never>?
    private var isPaused = false
    private var lastWake = Instant(nanoseconds: 0)
    private var timer: LoopTimer?
    private var background: [Int: Task<Void, Never>] = [:]
    private var backgroundCount = 0
    package let counters: ConsumerCounters

    private enum Phase {
        case created, connecting, accepted, denied, disconnecting, ended
    }

    package init(
        consumer: Consumer, scope: Scope, transport: any ConsumerTransport, loop: EventLoop, limits: ConsumerLimits,
        log: Log, counters: ConsumerCounters
    ) {
        self.consumer = consumer
        self.scope = scope
        self.transport = transport
        self.loop = loop
        self.limits = limits
        self.log = log
        self.counters = counters
        mailbox = Mailbox(limit: limits.mailbox)
        consumer.attach(self)
    }

    // MARK: From the transport

    /// The handshake arrived: the consumer is asked.
    package func begin() {
        phase = .connecting
        mailbox.append(.connect)
        wake()
    }

    /// Whether no further message is wanted for now; the transport keeps what it has until `resume()`.
    package var isFull: Bool { mailbox.isFull }

    /// A message arrived.
    @inline(__always)
    package func deliver(_ message: Message) {
        if ending != nil { return counters.dropInbound(1) }
        mailbox.append(.receive(message))
        if mailbox.isFull, !isPaused {
            isPaused = true
            transport?.pause()
        }
        wake()
    }

    /// The socket is over. What arrived before an orderly close is still handled; a loss cancels the running handler
    /// and drops, counted, what waits.
    package func end(_ close: Close, isLoss: Bool) {
        guard ending == nil, phase != .created else { return }
        ending = close
        if isLoss {
            counters.dropInbound(mailbox.removeAll())
            driver?.cancel()
        }
        if driver != nil {
            armCloseTimer()
            if let waiter = unsafe waiter {
                unsafe self.waiter = nil
                unsafe waiter.resume(returning: true)
            }
        } else if mailbox.isEmpty {
            disconnect()
        } else {
            armCloseTimer()
            wake()
        }
    }

    /// Whether the consumer accepted the handshake, or refused it.
    package var isDecided: Bool { phase != .created && phase != .connecting }

    // MARK: From the consumer

    package func accept(subprotocol: String?, headers: HTTPFields) {
        guard phase == .connecting, ending == nil else { return misuse("accept() was called after the decision") }
        phase = .accepted
        transport?.accept(subprotocol: subprotocol, headers: headers)
    }

    package func deny(_ response: Response) {
        guard phase == .connecting, ending == nil else { return misuse("deny() was called after the decision") }
        phase = .denied
        transport?.deny(response)
    }

    package func send(_ message: Message) -> SendState {
        guard phase == .accepted, let transport else {
            if phase == .connecting, ending == nil {
                fail(ConsumerError.sentBeforeAccept)
            }
            counters.dropOutbound(1)
            return .dropped
        }
        let state = transport.send(message)
        if state == .dropped { counters.dropOutbound(1) }
        return state
    }

    package func close(_ code: CloseCode, reason: String) {
        switch phase {
        case .connecting: phase = .denied
        case .accepted: break
        default: return
        }
        transport?.close(code, reason: reason)
        // What waits will not be handled: the consumer has said its last word.
        counters.dropInbound(mailbox.removeAll())
    }

    package func drained() async throws {
        guard phase == .accepted, ending == nil, let transport else { throw CancellationError() }
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            transport.whenDrained { unsafe continuation.resume() }
        }
        try Task.checkCancellation()
    }

    /// Runs `work` beside the handlers, on the same loop, until the socket ends.
    package func start(_ work: @escaping () async throws -> Void) {
        guard ending == nil, phase != .ended else { return }
        let id = backgroundCount
        backgroundCount += 1
        // Sound: the session, the consumer and the work all stay on this loop, which the task cannot leave.
        nonisolated(unsafe) let session = self
        nonisolated(unsafe) let work = work
        background[id] = Task(executorPreference: loop) { [isolation = loop.isolation] in
            await session.runBackground(id, unsafe work, isolation)
        }
    }

    private func runBackground(
        _ id: Int, _ work: () async throws -> Void, _ isolation: isolated LoopIsolation
    ) async {
        do {
            try await work()
        } catch is CancellationError {
        } catch {
            fail(error)
        }
        background[id] = nil
    }

    // MARK: The driver

    @inline(__always)
    private func wake() {
        if let waiter = unsafe waiter {
            unsafe self.waiter = nil
            unsafe waiter.resume(returning: true)
        } else if driver == nil {
            startDriver()
        }
    }

    private func startDriver() {
        lastWake = loop.now
        // Sound: the session stays on this loop, which the task cannot leave.
        nonisolated(unsafe) let session = self
        driver = Task(executorPreference: loop) { [isolation = loop.isolation] in
            await session.drive(isolation)
        }
        arm(after: limits.idleTask)
    }

    private func drive(_ isolation: isolated LoopIsolation) async {
        repeat {
            while let event = mailbox.popFirst() {
                do {
                    try await consumer?.dispatch(event)
                } catch {
                    handle(error)
                }
                if isPaused, mailbox.hasRoom {
                    isPaused = false
                    transport?.resume()
                }
            }
        } while ending == nil ? await nextWake(isolation) : false
        driver = nil
        if ending != nil { disconnect() } else if !mailbox.isEmpty { wake() }
    }

    private func nextWake(_ isolation: isolated LoopIsolation) async -> Bool {
        let goOn = await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
            unsafe waiter = continuation
        }
        lastWake = loop.now
        return goOn
    }

    /// A handler threw.
    private func handle(_ error: any Error) {
        switch error {
        case is StopConsumer: close(.normalClosure, reason: "")
        case is AcceptConnection where phase == .connecting: accept(subprotocol: nil, headers: HTTPFields())
        case is DenyConnection where phase == .connecting: close(.normalClosure, reason: "")
        case is CancellationError where ending != nil: break
        default: fail(error)
        }
    }

    /// Something went wrong in the consumer: a refusal with 500 before the handshake is answered, 1011 after.
    private func fail(_ error: any Error) {
        log.error("\(name) failed at \(scope.path): \(error)")
        switch phase {
        case .connecting:
            phase = .denied
            transport?.deny(Response(status: .internalServerError))
        case .accepted:
            close(.internalError, reason: "The server had an error.")
        default: break
        }
    }

    private func misuse(_ text: String) {
        log.error("\(name) at \(scope.path): \(text); it had no effect.")
    }

    private var name: String { consumer.map { "\(type(of: $0))" } ?? "A consumer" }

    // MARK: The end

    /// Runs `disconnect`, once, in a task that nobody cancelled.
    private func disconnect() {
        guard phase != .disconnecting, phase != .ended, let close = ending else { return }
        phase = .disconnecting
        for task in background.values { task.cancel() }
        // Sound: as in `startDriver`.
        nonisolated(unsafe) let session = self
        driver = Task(executorPreference: loop) { [isolation = loop.isolation] in
            await session.runDisconnect(close, isolation)
        }
        armCloseTimer()
    }

    private func runDisconnect(_ close: Close, _ isolation: isolated LoopIsolation) async {
        do {
            try await consumer?.dispatch(.disconnect(close))
        } catch is StopConsumer {
        } catch {
            log.error("\(name) failed in disconnect at \(scope.path): \(error)")
        }
        phase = .ended
        driver = nil
        if let timer { loop.disarm(timer) }
        timer = nil
        consumer?.detach()
        consumer = nil
        let last = transport
        transport = nil
        last?.sessionEnded()
    }

    // MARK: Timers

    private func arm(after duration: Duration) {
        if timer == nil { timer = LoopTimer { [unowned self] in timerFired() } }
        if let timer { loop.arm(timer, after: duration) }
    }

    private func armCloseTimer() {
        arm(after: limits.closeTimeout)
    }

    private func timerFired() {
        if ending != nil {
            let place = phase == .disconnecting ? "disconnect" : "a handler"
            log.error(
                "\(name) at \(scope.path) is still in \(place) \(limits.closeTimeout) after its socket closed; it is cancelled.")
            driver?.cancel()
            return
        }
        let idle = lastWake.duration(to: loop.now)
        if unsafe waiter == nil || idle < limits.idleTask {
            arm(after: unsafe waiter == nil ? limits.idleTask : limits.idleTask - idle)
        } else if let waiter = unsafe waiter {
            unsafe self.waiter = nil
            timer = nil
            mailbox.shrink()
            unsafe waiter.resume(returning: false)
        }
    }
}
