import StraitConsumers
import StraitCore
import StraitHTTP
import StraitWebSocket

/// The timer of a socket, which serves one wait at a time.
extension WebSocketDriver {
    /// A reason to wait.
    enum Wait {
        case decision, silence
        /// For the server's close frame to be sent. No timer is armed: the stream disconnects a peer that reads
        /// nothing.
        case closeSent
        /// For the peer's close frame.
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
                """
                The handshake was refused because the consumer did not decide within \
                ServerConfiguration.handshakeTimeout. Its connect() must call accept(), close() or deny().
                """,
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

    /// Pings a silent peer and disconnects one that stays silent. The timer is armed once an interval, not for every
    /// message.
    private func watchSilence() {
        // A pong cannot be read while reading is paused, and a ping cannot be answered while it waits behind queued
        // output. The stream disconnects a peer that reads nothing.
        if isPaused || exchange.queuedBytes > 0 {
            heartbeat.pause()
            return wait(.silence, heartbeat.interval)
        }
        switch heartbeat.check(now: loop.now, lastHeard: lastHeard) {
        case .wait(let duration):
            wait(.silence, duration)
        case .ping(let payload, let duration):
            writeQueue.write { FrameEncoder.append(.ping(payload), to: &$0) }
            wait(.silence, duration)
        case .giveUp:
            server.counters.reach(.pingTime)
            server.log.info("The peer was disconnected because it did not answer a ping.", metadata: place)
            perform(closing.transportLost("The peer did not answer a ping."))
            exchange.abort()
        }
    }
}
