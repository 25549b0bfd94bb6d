package import StraitHTTP
import StraitLayers
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
    package var log: Log
    var consumer: Consumer?
    let transport: any ConsumerTransport
    /// The consumer where it takes messages directly, which nearly every one does.
    private var receiver: WebSocketConsumer?

    /// The messages that wait for the consumer.
    let mailbox: Mailbox
    /// The reason for the socket's end, set once. Messages that arrived before an orderly close are still handled.
    private(set) var ending: Close?
    var driver: Task<Void, Never>?
    /// The waiter of the driver while the mailbox is empty; woken with false if the driver should end.
    let waiter: LoopWaiter
    /// The consumer's groups, presences and handlers; nil if there are none.
    var subscriptions: Subscriptions?
    /// The acceptance that waits for middleware; nil nearly always.
    var pendingAcceptance: PendingAcceptance?
    /// The number of starts of the driver with less than the idle time between them.
    private var wakes = 0
    var lastWake = Instant(nanoseconds: .min / 2)
    var timer: LoopTimer?
    /// The number of messages and events that had been handled when the end timer was armed.
    var handledAtArming: UInt32 = 0
    /// The number of events that were taken out of the queue.
    var eventsTaken: UInt32 = 0
    /// The number of messages and events whose handling has begun. It stays the same while a session makes no progress.
    package var progress: UInt32 { UInt32(truncatingIfNeeded: mailbox.handed) &+ eventsTaken }
    /// The messages and events that were handled in this turn; see ``TurnBudget``.
    private var handledInTurn: Int32 = 0
    var background = BackgroundTasks()
    package let counters: ConsumerCounters

    // Small fields stand together: apart, each takes eight bytes of every idle socket.
    var phase = Phase.created
    /// Whether the connection is gone without a close frame: the running handler is cancelled then.
    private(set) var isLost = false
    /// Whether no further message is taken: the socket ends, or `connect` failed.
    private var refusesMessages = false
    /// Whether the driver is going to look into the mailbox by itself.
    private(set) var isAwake = false
    private var isPaused = false
    private var takesMessages = false
    /// Whether `connect` is still to be called.
    private var owesConnect = false
    /// Whether a message that was dropped for lack of a hook has already been logged.
    var hasIgnoredMessage = false
    /// Whether the groups are to be left once the running handler has ended.
    var leavesGroups = false
    /// Whether the groups were left by themselves, for good.
    var hasLeft = false
    /// Whether events are queued; read with every message.
    var hasEvents = false
    /// Whether the consumer has said its last word.
    private(set) var isClosing = false
    private var handlersAreSlow = false
    private var isBudgetSpent = false

    enum Phase {
        case created, connecting, accepted, denied, disconnecting, ended
    }

    package init(
        consumer: Consumer, scope: Scope, transport: any ConsumerTransport, loop: EventLoop, limits: ConsumerLimits,
        log: Log, counters: ConsumerCounters
    ) {
        self.consumer = consumer
        receiver = consumer as? WebSocketConsumer
        self.scope = scope
        self.transport = transport
        self.loop = loop
        waiter = LoopWaiter(loop: loop)
        self.limits = limits
        self.log = log
        self.counters = counters
        mailbox = Mailbox(limit: limits.mailbox)
        consumer.attach(self)
    }

    /// The session of a consumer that has no connection: it has ended, and nothing that the consumer does has an effect.
    init(of consumer: Consumer, withoutConnectionOn loop: EventLoop) {
        self.consumer = nil
        receiver = nil
        scope = Scope(type: .webSocket, path: "")
        transport = NoTransport()
        self.loop = loop
        waiter = LoopWaiter(loop: loop)
        limits = ConsumerLimits()
        log = Log()
        counters = ConsumerCounters()
        mailbox = Mailbox(limit: 0)
        phase = .ended
    }

    deinit { consumer?.abandon() }

    /// Releases the consumer, which keeps this session: closures may still use the consumer.
    func releaseConsumer() {
        consumer?.detach()
        consumer = nil
        receiver = nil
    }

    // MARK: From the transport

    /// The handshake arrived: the consumer is asked.
    package func begin() {
        phase = .connecting
        owesConnect = true
        wake()
    }

    /// Whether no further message is wanted for now; the transport keeps what it has until `resume()`.
    package var isFull: Bool { mailbox.isFull }

    /// A message arrived.
    @inline(__always)
    package func deliver(_ message: consuming Message) {
        if refusesMessages { return counters.dropInbound(1) }
        mailbox.append(message)
        if mailbox.isFull, !isPaused {
            isPaused = true
            transport.pause()
        }
        if !isAwake { wake() }
    }

    /// Begins the end of the session. Messages that arrived before an orderly close are still handled and answered. A
    /// loss cancels the running handler, and drops and counts waiting messages and events. Then the groups are left and
    /// `disconnect` is called.
    package func end(_ close: Close, isLoss: Bool) {
        guard ending == nil, phase != .created else { return }
        ending = close
        abandonAcceptance()
        refusesMessages = true
        isLost = isLoss
        if isLoss {
            counters.dropInbound(mailbox.removeAll())
            dropEvents()
            driver?.cancel()
        }
        if driver != nil {
            armCloseTimer()
            // A driver that has nothing to do ends, and calls `disconnect`.
            waiter.wake(true)
        } else if !hasWork, !owesConnect {
            disconnect()
        } else {
            armCloseTimer()
            wake()
        }
    }

    /// Whether the consumer accepted the handshake, or refused it.
    package var isDecided: Bool { phase != .created && phase != .connecting }

    /// Whether messages can be sent, the transport's word: from the acceptance until either side begins to close.
    package func setOpen(_ open: Bool) {
        takesMessages = open
        if open { sendPending() }
        // Nothing can be sent any more, so nothing of groups should wait for it.
        if !open { return leaveGroupsWhenQuiet() }
        // What groups said while the handshake was undecided.
        if hasEvents, !isAwake { passOn() }
    }

    /// Whether messages can be sent.
    package var isOpen: Bool { takesMessages }

    /// How long the peer took to answer the latest ping.
    package var latency: Duration? { transport.latency }

    // MARK: From the consumer

    package func accept(subprotocol: String?, headers: HTTPFields) {
        // The client may be gone before it was answered; that is no mistake of the consumer's.
        guard ending == nil else { return }
        guard phase == .connecting else { return misuse("accept() was called after the decision") }
        phase = .accepted
        let changes = transport.acceptChanges
        if changes.isEmpty { return transport.accept(subprotocol: subprotocol, headers: headers) }
        accept(subprotocol: subprotocol, headers: headers, after: changes)
    }

    package func deny(_ response: Response) {
        guard ending == nil else { return }
        guard phase == .connecting else { return misuse("deny() was called after the decision") }
        phase = .denied
        transport.deny(response)
    }

    package func send(_ message: Message) -> SendState {
        loop.assertOnLoop()
        if takesMessages { return transport.send(message) }
        if let pendingAcceptance, ending == nil { return pendingAcceptance.hold(message, limits, counters) }
        if phase == .connecting, ending == nil { fail(ConsumerError.sentBeforeAccept) }
        counters.dropOutbound(1)
        return .dropped
    }

    package func close(_ code: CloseCode, reason: String) {
        switch phase {
        case .connecting: phase = .denied
        case .accepted: break
        default: return
        }
        isClosing = true
        leaveGroupsWhenQuiet()
        if let pendingAcceptance {
            pendingAcceptance.close = (code, reason)
        } else {
            transport.close(code, reason: reason)
        }
        // What waits will not be handled: the consumer has said its last word.
        counters.dropInbound(mailbox.removeAll())
        // Reading goes on, for the peer's close frame.
        resumeIfRoom()
    }

    package func drained() async throws {
        // Sound: a consumer calls this on the loop, where the session stays.
        nonisolated(unsafe) let session = self
        try await unsafe session.drained(loop.isolation)
    }

    private func drained(_ isolation: isolated LoopIsolation) async throws {
        if pendingAcceptance != nil { return }
        guard phase == .accepted, isOpen else { throw CancellationError() }
        let waiter = LoopWaiter(loop: loop)
        var isDrained = false
        transport.whenDrained {
            isDrained = true
            waiter.wake()
        }
        if !isDrained { _ = await waiter.waitUnlessCancelled(isolation) }
        guard isOpen else { throw CancellationError() }
        try Task.checkCancellation()
    }

    // MARK: The driver

    func wake() {
        isAwake = true
        if waiter.isWaiting {
            waiter.wake(true)
        } else if driver == nil {
            startDriver()
        }
    }

    private func startDriver() {
        wakes = lastWake.duration(to: loop.now) < limits.idleTask ? wakes + 1 : 0
        lastWake = loop.now
        // Sound: the session stays on this loop, whose isolation the task has.
        nonisolated(unsafe) let session = self
        driver = loop.isolation.startTask { await unsafe session.drive($0) }
    }

    /// Whether a next wake is likely to come soon, so that the driver is worth keeping: not for a socket that was only
    /// opened, or said one thing. What a thousand such tasks took would be holes in the heap when they end.
    private var isBusy: Bool { wakes > 1 }

    private func drive(_ isolation: isolated LoopIsolation) async {
        repeat {
            beginTurn()
            loop.names("\(name) at \(scope.path)")
            if owesConnect {
                owesConnect = false
                await connect(isolation)
            }
            while true {
                // Also where there is nothing else to do: what is held up is then asked to be told of.
                if hasEvents { forwardDue() }
                guard hasWork else { break }
                if isBudgetSpent {
                    await awaitTurn()
                    // What there was to do may be gone by now.
                    continue
                }
                do {
                    if hasEvents, isEventDue {
                        countEvent()
                        try await handleEvent()
                    } else if let receiver {
                        try await deliverAll(to: receiver, isolation)
                    } else {
                        countEvent()
                        try await consumer?.dispatch(.receive(mailbox.removeFirst()))
                        resumeIfRoom()
                    }
                } catch {
                    handle(error)
                }
            }
            if leavesGroups { leaveGroups() }
        } while ending == nil && isBusy ? await nextWake(isolation) : false
        driver = nil
        isAwake = false
        if mailbox.isEmpty { mailbox.removeAll() }
        if ending != nil { disconnect() } else if hasWork { wake() }
    }

    /// Calls `connect`. A consumer whose `connect` failed receives nothing.
    private func connect(_ isolation: isolated LoopIsolation) async {
        do {
            try await joinOwnGroups()
            return try await consumer?.dispatch(.connect) ?? ()
        } catch {
            handle(error, fromConnect: true)
            if error is AcceptConnection { return }
        }
        refusesMessages = true
        counters.dropInbound(mailbox.removeAll())
        dropEvents()
        resumeIfRoom()
    }

    /// Whether there is something to do for the driver: an event that is due and does not have to wait for the socket,
    /// else a message.
    var hasWork: Bool { hasEvents && isEventDue ? !isHeldUp : !mailbox.isEmpty }

    /// The way of nearly every message, kept apart so that the loop around it is as tight as it can be.
    ///
    /// Between two of the consumer's hooks nothing happens here but a call of ``nextMessage(_:)``, which is
    /// asynchronous for that reason alone: after each call that may have left the loop the compiler has the task look
    /// whether it is back, but for a call that is followed by another, and looking costs more than a small call.
    private func deliverAll(to receiver: WebSocketConsumer, _ isolation: isolated LoopIsolation) async throws {
        var message = Message(binary: Bytes())
        while await nextMessage(&message) { try await receiver.receive(message) }
    }

    /// Takes the next message in place of the last one, which was handled; false where there is none.
    @inline(never)
    private nonisolated(nonsending) func nextMessage(_ message: inout Message) async -> Bool {
        if isPaused { resumeIfRoom() }
        if mailbox.isEmpty || hasEvents && isEventDue { return false }
        // The driver's loop waits for the next turn, and comes back.
        handledInTurn &+= 1
        if TurnBudget.asksClock(before: handledInTurn) || handlersAreSlow, isTurnOver() { return false }
        message = mailbox.removeFirst()
        return true
    }

    private func beginTurn() {
        handledInTurn = 0
        handlersAreSlow = false
        isBudgetSpent = false
    }

    private func countEvent() {
        handledInTurn &+= 1
        if TurnBudget.asksClock(before: handledInTurn) || handlersAreSlow { _ = isTurnOver() }
    }

    /// Reads the clock, and notes whether the budget is spent.
    @inline(never)
    private func isTurnOver() -> Bool {
        let elapsed = loop.now.duration(to: loop.time.now)
        handlersAreSlow = TurnBudget.isSlow(after: elapsed)
        isBudgetSpent = TurnBudget.isSpent(before: handledInTurn, after: elapsed)
        return isBudgetSpent
    }

    /// Waits for the next turn of the loop, in which others are served first.
    private func awaitTurn() async {
        // SAFETY: the waiter is woken on the loop, which the call runs on.
        nonisolated(unsafe) let woken = waiter
        loop.execute { unsafe woken.wake(true) }
        _ = await waiter.wait()
        beginTurn()
    }

    private func resumeIfRoom() {
        guard isPaused, mailbox.hasRoom else { return }
        isPaused = false
        transport.resume()
    }

    private func nextWake(_ isolation: isolated LoopIsolation) async -> Bool {
        if timer?.isArmed != true { arm(after: limits.idleTask) }
        isAwake = false
        let goOn = await waiter.wait()
        isAwake = true
        lastWake = loop.now
        return goOn
    }
}
