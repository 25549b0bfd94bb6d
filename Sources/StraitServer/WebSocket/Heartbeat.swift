import StraitCore

/// The ping schedule of a socket and its measured latency (RFC 6455 §5.5.2). It does no I/O: it receives times and
/// pongs, and returns the action to take.
///
/// Anything that arrives shows that the peer is alive. The driver keeps the time of the last arrival and passes it in,
/// because it changes with every read. The heartbeat is checked only once an interval.
struct Heartbeat {
    /// An action for the socket's driver.
    enum Action: Equatable {
        /// Check again after this duration.
        case wait(Duration)
        /// Send a ping with this payload, and check again after this duration.
        case ping(Bytes, Duration)
        /// Disconnect the peer, because it did not answer a ping in time.
        case giveUp
    }

    /// The silence after which a peer is pinged.
    let interval: Duration
    private let timeout: Duration
    /// The time of the latest ping; nil if it has been answered or cannot be.
    private var sent: Instant?
    /// The number of the latest ping, which its payload includes. It identifies the answer, because a peer may send
    /// unsolicited pongs (§5.5.3).
    private var number = 0
    /// The round-trip time of the latest answered ping; nil before the first answer.
    private(set) var latency: Duration?

    /// Creates a heartbeat.
    ///
    /// - Parameters:
    ///   - interval: The silence after which a peer is pinged.
    ///   - timeout: The time that a peer may stay silent after a ping before it is disconnected.
    init(interval: Duration, timeout: Duration) {
        // With an interval of zero, the loop would do nothing but check the heartbeat.
        self.interval = max(interval, .milliseconds(1))
        self.timeout = max(timeout, .milliseconds(1))
    }

    private var payload: Bytes { Bytes("strait \(number)") }

    /// Returns the action for a peer that was last heard at `lastHeard`.
    mutating func check(now: Instant, lastHeard: Instant) -> Action {
        if let sent, lastHeard < sent {
            let waited = sent.duration(to: now)
            return waited < timeout ? .wait(timeout - waited) : .giveUp
        }
        let silence = lastHeard.duration(to: now)
        if silence < interval { return .wait(interval - silence) }
        number += 1
        sent = now
        return .ping(payload, min(interval, timeout))
    }

    /// Records the latency if the pong answers the latest ping.
    mutating func heard(pong: Bytes, now: Instant) {
        guard let sent, pong == payload else { return }
        latency = sent.duration(to: now)
        self.sent = nil
    }

    /// Ignores the latest ping, because reading or sending is paused and its pong would arrive too late.
    mutating func pause() {
        sent = nil
    }
}
