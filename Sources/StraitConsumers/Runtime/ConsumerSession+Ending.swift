import StraitLayers
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// The end of a consumer's life, and the one timer that bounds it.
extension ConsumerSession {
    // MARK: The end

    /// Leaves the groups, completes the closing handshake, and runs `disconnect`, once, in a task that is not cancelled.
    func disconnect() {
        guard phase != .disconnecting, phase != .ended, let close = ending else { return }
        leaveGroups()
        phase = .disconnecting
        transport.answered()
        background.cancel()
        // Sound: as in `startDriver`.
        nonisolated(unsafe) let session = self
        driver = loop.isolation.startTask { await unsafe session.runDisconnect(close, $0) }
        armCloseTimer()
    }

    private func runDisconnect(_ close: Close, _ isolation: isolated LoopIsolation) async {
        do {
            try await consumer?.dispatch(.disconnect(close))
        } catch is StopConsumer {
        } catch {
            log.error("\(name) failed in disconnect: \(error)", metadata: place)
            transport.failed(error)
        }
        if let bodies = scope[CloseBodies.self] { await run(bodies, close) }
        phase = .ended
        driver = nil
        if let timer { loop.disarm(timer) }
        timer = nil
        // The transport lets go of the session, which ends the circle of references.
        transport.sessionEnded()
        letGo()
    }

    private nonisolated(nonsending) func run(_ bodies: CloseBodies, _ close: Close) async {
        for body in bodies.all {
            do {
                try await body(close)
            } catch {
                log.error("Middleware failed at the end of \(name): \(error)", metadata: place)
                transport.failed(error)
            }
        }
    }

    /// Lets the consumer go once nothing of it runs any more: cancelled background work may still use it on its way out.
    func letGo() {
        guard phase == .ended, background.isEmpty else { return }
        subscriptions?.letGo()
        releaseConsumer()
    }

    // MARK: Timers

    func arm(after duration: Duration) {
        if timer == nil { timer = LoopTimer { [unowned self] in timerFired() } }
        if let timer { loop.arm(timer, after: duration) }
    }

    /// Bounds the handlers that run after the socket has ended: each waiting message has a time limit of its own.
    func armCloseTimer() {
        handledAtArming = progress
        arm(after: limits.closeTimeout)
    }

    private func timerFired() {
        if ending != nil {
            if phase != .disconnecting, !isLost, progress != handledAtArming { return armCloseTimer() }
            let hook = phase == .disconnecting ? "disconnect" : "a handler"
            log.error(
                "\(name) is still in \(hook) \(limits.closeTimeout) after its socket closed; it is cancelled.",
                metadata: place)
            counters.cancelHandler()
            // What waits behind the handler would run in the cancelled task, and with no time limit of its own.
            counters.dropInbound(mailbox.removeAll())
            dropEvents()
            driver?.cancel()
            return
        }
        let idle = lastWake.duration(to: loop.now)
        if !waiter.isWaiting || idle < limits.idleTask {
            arm(after: waiter.isWaiting ? limits.idleTask - idle : limits.idleTask)
        } else {
            timer = nil
            // Messages may wait behind an event that the socket does not take yet.
            if mailbox.isEmpty { mailbox.removeAll() }
            waiter.wake(false)
        }
    }
}
