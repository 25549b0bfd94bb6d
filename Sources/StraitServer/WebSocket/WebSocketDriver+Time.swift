import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// The one timer of a socket: what it is armed for changes, and is never two things at once.
extension WebSocketDriver {
    /// What is waited for.
    enum Wait {
        case decision, silence
        /// Our close frame to leave. No timer is armed: the stream ends a peer that takes nothing.
        case closeSent
        /// The peer's close frame.
        case closeFrame
    }

    func wait(_ what: Wait, _ duration: Duration) {
        waitsFor = what
        loop.arm(timer, after: duration)
    }

    func timerFired() {
        switch waitsFor {
        case .decision:
            server.counters.reach(.handshakeTime)
            server.log.warning(
                "The consumer neither accepted nor refused in time; the handshake is refused. Have its connect() call accept(), close() or deny().",
                metadata: place)
            refuse(
                .status(.serviceUnavailable), "The handshake took too long.", "the consumer did not decide in time",
                isLoss: true)
        case .closeFrame:
            if closing.mayReceive { server.counters.reach(.closeTime) }
            perform(closing.deadlinePassed())
        case .silence:
            watchSilence()
        case .closeSent:
            break
        }
    }

    /// Pings a silent peer, and gives up one that stays silent. Armed once an interval, not with every message.
    private func watchSilence() {
        // A peer that we do not read from cannot be heard, nor one whose ping is behind what it has not taken yet. The stream
        // ends a peer that takes nothing.
        if isPaused || exchange.queuedBytes > 0 {
            heartbeat.pause()
            return wait(.silence, heartbeat.interval)
        }
        switch heartbeat.check(now: loop.now, lastHeard: lastHeard) {
        case .wait(let duration):
            wait(.silence, duration)
        case .ping(let payload, let duration):
            outlet.write { FrameEncoder.append(.ping(payload), to: &$0) }
            wait(.silence, duration)
        case .giveUp:
            server.counters.reach(.pingTime)
            server.log.info("The peer answered no ping and is given up.", metadata: place)
            perform(closing.transportLost("The peer answered no ping."))
            exchange.abort()
        }
    }
}
