import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitWebSocket

/// The end of a consumer's life, and the timer that limits its duration.
extension ConsumerSession {
    // MARK: The end

    /// Leaves the groups, completes the closing handshake, and runs `disconnect` once, in a task that is not cancelled.
    func disconnect() {
        guard phase != .disconnecting, phase != .ended, let close = ending else { return }
        leaveGroups()
        phase = .disconnecting
        transport.sendCloseReply()
        background.cancel()
        // SAFETY: as in `startDriver`.
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
        // The transport releases the session, which breaks the reference cycle.
        transport.sessionEnded()
        release()
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

    /// Releases the consumer when none of its code runs any more. Cancelled background work may still use it until
    /// then.
    func release() {
        guard phase == .ended, background.isEmpty else { return }
        subscriptions?.release()
        releaseConsumer()
    }

    // MARK: Timers

    func arm(after duration: Duration) {
        if timer == nil { timer = LoopTimer { [unowned self] in timerFired() } }
        if let timer { loop.arm(timer, after: duration) }
    }

    /// Starts the timer that limits handlers after the socket has ended. Each queued message has its own time limit.
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
            // Messages queued behind the handler would run in the cancelled task, without their own time limit.
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
            // Messages may be queued behind an event that the socket cannot take yet.
            if mailbox.isEmpty { mailbox.removeAll() }
            waiter.wake(false)
        }
    }
}
