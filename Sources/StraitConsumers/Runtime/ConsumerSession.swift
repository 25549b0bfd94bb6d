package import StraitCore
package import StraitHTTP
import StraitLayers
import StraitRouting
package import StraitWebSocket

/// The life of one consumer. It passes events to the consumer one after the other, and guarantees that `disconnect` is
/// called exactly once. Loop-bound.
///
/// The consumer's handlers run in one task, the *driver*. It starts with the first event and ends after a time without
/// events, so an idle socket needs no task. Waking the driver takes one enqueue on the loop, regardless of the number
/// of messages.
package final class ConsumerSession {
    package let loop: EventLoop
    package let scope: Scope
    package let limits: ConsumerLimits
    package var log: Log
    var consumer: Consumer?
    let transport: any ConsumerTransport
    /// The consumer, if it receives messages directly, as nearly all do.
    private var receiver: WebSocketConsumer?

    /// The messages queued for the consumer.
    let mailbox: Mailbox
    /// The reason for the socket's end, set once. Messages that arrived before an orderly close are still handled.
    private(set) var ending: Close?
    var driver: Task<Void, Never>?
    /// The waiter of the driver while the mailbox is empty. It is woken with false if the driver should end.
    let waiter: LoopWaiter
    /// The consumer's groups, presences and handlers; nil if there are none.
    var subscriptions: Subscriptions?
    /// The acceptance that waits for middleware; usually nil.
    var pendingAcceptance: PendingAcceptance?
    /// The number of successive driver starts with less than the idle time between them.
    private var wakes = 0
    var lastWake = Instant(nanoseconds: .min / 2)
    var timer: LoopTimer?
    /// The number of messages and events that had been handled when the close timer was started.
    var handledAtArming: UInt32 = 0
    /// The number of events taken out of the queue.
    var eventsTaken: UInt32 = 0
    /// The number of messages and events whose handling has begun. It does not change while a session makes no
    /// progress.
    package var progress: UInt32 { UInt32(truncatingIfNeeded: mailbox.handed) &+ eventsTaken }
    /// The number of messages and events handled in this turn; see ``TurnBudget``.
    private var handledInTurn: Int32 = 0
    var background = BackgroundTasks()
    package let counters: ConsumerCounters

    // Small properties are declared together. Apart, each would take eight bytes of every idle socket.
    var phase = Phase.created
    /// Whether the connection was lost without a close frame. The running handler is cancelled then.
    private(set) var isLost = false
    /// Whether new messages are dropped, because the socket is ending or `connect` failed.
    private var refusesMessages = false
    /// Whether the driver is running or about to run, so that it needs no wake.
    private(set) var isAwake = false
    private var isPaused = false
    var takesMessages = false
    /// Whether `connect` is still to be called.
    private var owesConnect = false
    /// Whether a message without a hook has already been logged.
    var hasIgnoredMessage = false
    /// Whether to leave the groups when the running handler has returned.
    var leavesGroups = false
    /// Whether the groups were left permanently because the socket is ending.
    var hasLeft = false
    /// Whether events are queued. Read for every message.
    var hasEvents = false
    /// Whether the consumer has closed the socket.
    var isClosing = false
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
        scope[SocketHandle.self]?.attach(self)
    }

    /// Creates the session of a consumer without a connection. It has already ended, so that no action of the consumer
    /// has an effect.
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

    /// Releases the consumer. The consumer retains this session, because closures may still use the consumer.
    func releaseConsumer() {
        consumer?.detach()
        consumer = nil
        receiver = nil
    }

    // MARK: From the transport

    /// Starts the session when the handshake has arrived, and calls the consumer's `connect`.
    package func begin() {
        phase = .connecting
        owesConnect = true
        wake()
    }

    /// Whether the mailbox is full. The transport then keeps further messages until `resume()`.
    package var isFull: Bool { mailbox.isFull }

    /// Queues a message for the consumer.
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

    /// Starts the end of the session. Messages that arrived before an orderly close are still handled and answered. A
    /// loss cancels the running handler, and drops and counts queued messages and events. Then the groups are left and
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
            // An idle driver ends and calls `disconnect`.
            waiter.wake(true)
        } else if !hasWork, !owesConnect {
            disconnect()
        } else {
            armCloseTimer()
            wake()
        }
    }

    /// Whether the consumer has accepted or rejected the handshake.
    package var isDecided: Bool { phase != .created && phase != .connecting }

    /// Sets whether messages can be sent. The transport calls it on acceptance, and when either side starts to close.
    package func setOpen(_ open: Bool) {
        takesMessages = open
        if open { sendPending() }
        // Nothing can be sent any more, so group events need not be queued.
        if !open { return leaveGroupsWhenQuiet() }
        // Forward the events that arrived before the handshake was accepted.
        if hasEvents, !isAwake { passOn() }
    }

    /// Whether messages can be sent.
    package var isOpen: Bool { takesMessages }

    /// The round-trip time of the latest answered ping.
    package var latency: Duration? { transport.latency }

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
        // SAFETY: the session stays on this loop, to which the task is isolated.
        nonisolated(unsafe) let session = self
        driver = loop.isolation.startTask { await unsafe session.drive($0) }
    }

    /// Whether another wake is likely to follow soon, so that the driver is kept. It is not for a socket that was only
    /// opened or received a single message. Thousands of kept tasks would fragment the heap when they end.
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
                // Needed even if there is no other work: it requests a callback if the socket cannot take the next
                // event yet.
                if hasEvents { forwardDue() }
                guard hasWork else { break }
                if isBudgetSpent {
                    await awaitTurn()
                    // The work may have disappeared during the wait.
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

    /// Calls `connect`. If it fails, the consumer receives no messages.
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

    /// Whether the driver has work: a due event that need not wait for the socket, or a message if no event is due.
    var hasWork: Bool { hasEvents && isEventDue ? !isBehind : !mailbox.isEmpty }

    /// Delivers messages directly to the hook: the path of nearly every message. It is a separate function to keep the
    /// loop tight.
    ///
    /// Between two calls of the hook, only ``nextMessage(_:)`` runs. It is async only for performance. After a call
    /// that may have left the loop, the compiler makes the task check that it is back, except if another async call
    /// follows. The check costs more than a small call.
    private func deliverAll(to receiver: WebSocketConsumer, _ isolation: isolated LoopIsolation) async throws {
        var message = Message(binary: Bytes())
        while await nextMessage(&message) { try await receiver.receive(message) }
    }

    /// Replaces the previous, handled message with the next one. Returns false if there is none.
    @inline(never)
    private nonisolated(nonsending) func nextMessage(_ message: inout Message) async -> Bool {
        if isPaused { resumeIfRoom() }
        if mailbox.isEmpty || hasEvents && isEventDue { return false }
        // The driver's loop waits for the next turn and then continues.
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

    /// Reads the clock and updates whether the budget is spent.
    @inline(never)
    private func isTurnOver() -> Bool {
        let elapsed = loop.now.duration(to: loop.time.now)
        handlersAreSlow = TurnBudget.isSlow(after: elapsed)
        isBudgetSpent = TurnBudget.isSpent(before: handledInTurn, after: elapsed)
        return isBudgetSpent
    }

    /// Waits for the next turn of the event loop, so that other sockets are served first.
    private func awaitTurn() async {
        // SAFETY: the waiter is woken on the loop, and this call runs on the loop.
        nonisolated(unsafe) let woken = waiter
        loop.execute { unsafe woken.wake(true) }
        _ = await waiter.wait()
        beginTurn()
    }

    func resumeIfRoom() {
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
